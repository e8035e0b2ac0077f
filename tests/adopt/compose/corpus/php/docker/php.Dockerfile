FROM php:8.4-fpm-alpine AS app
WORKDIR /var/www
COPY . .
