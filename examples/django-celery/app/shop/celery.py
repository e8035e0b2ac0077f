import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop", broker=os.environ.get("REDIS_URL"))
app.conf.broker_use_ssl = {"ssl_cert_reqs": "required"}
# A task whose worker is stopped goes back to the queue.
app.conf.task_acks_late = True
app.autodiscover_tasks()
