// The sample service in Java, with nothing but the JDK.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

public class Server {
  static final Map<String, String> ROUTES = Map.of("/", "{\"message\":\"Hello from Amazon ECS\"}", "/health", "{\"status\":\"ok\"}");

  static void log(String message, String fields) {
    System.out.println("{\"time\":\"" + Instant.now() + "\",\"level\":\"info\",\"message\":\"" + message + "\"" + fields + "}");
  }

  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  static void answer(HttpExchange exchange) throws IOException {
    // The path alone: query strings carry tokens, and logs are kept for long.
    String path = exchange.getRequestURI().getPath();
    int status = ROUTES.containsKey(path) ? 200 : 404;
    byte[] body = ROUTES.getOrDefault(path, "{\"error\":\"not found\"}").getBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
    log("request", ",\"method\":" + quoted(exchange.getRequestMethod()) + ",\"path\":" + quoted(path) + ",\"status\":" + status);
  }

  public static void main(String[] arguments) throws IOException {
    String port = System.getenv().getOrDefault("PORT", "8000");
    // Longer than the load balancer's idle timeout of 60 s, so that it is never the app that closes a connection first.
    System.setProperty("sun.net.httpserver.idleInterval", "65");
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(port)), 128);
    server.createContext("/", Server::answer);
    ExecutorService requests = Executors.newFixedThreadPool(16);
    server.setExecutor(requests);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      // The requests in flight finish; server.stop(seconds) would take all of its seconds even with none. The limit is the task's stopTimeout.
      requests.shutdown();
      try {
        requests.awaitTermination(2, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      log("stopped", "");
      Runtime.getRuntime().halt(0); // SIGTERM would end the JVM with 143, which ECS takes for a failure.
    }));
    server.start();
    log("listening", ",\"port\":" + quoted(port));
  }
}
