from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    # Says that this task answers, and not how the database is: a database that is away is no reason to replace every task.
    path("health/", lambda request: HttpResponse("ok")),
    path("", lambda request: HttpResponse("Hello from Django\n")),
]
