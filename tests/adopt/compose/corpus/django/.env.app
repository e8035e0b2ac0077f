SECRET_KEY="s3cr3t$1"
ALLOWED_HOSTS=shop.example.com
DB_HOST=db
DB_PASSWORD=hunter22
export EMAIL_FROM=shop@example.com # who
