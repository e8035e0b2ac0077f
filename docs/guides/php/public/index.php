<?php
// The sample service in PHP. Apache sends every path here (FallbackResource).
$routes = ["/" => ["message" => "Hello from Amazon ECS"], "/health" => ["status" => "ok"]];
$path = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH);
http_response_code(isset($routes[$path]) ? 200 : 404);
header("Content-Type: application/json");
echo json_encode($routes[$path] ?? ["error" => "not found"]);
