// The sample service in Go, with nothing but its standard library.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var routes = map[string]map[string]string{
	"/":       {"message": "Hello from Amazon ECS"},
	"/health": {"status": "ok"},
}

func answer(response http.ResponseWriter, request *http.Request) {
	start := time.Now()
	body, found := routes[request.URL.Path]
	status := http.StatusOK
	if !found {
		status, body = http.StatusNotFound, map[string]string{"error": "not found"}
	}
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(status)
	_ = json.NewEncoder(response).Encode(body)
	// The path alone: query strings carry tokens, and logs are kept for long.
	slog.Info("request", "method", request.Method, "path", request.URL.Path, "status", status, "ms", time.Since(start).Milliseconds())
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	// Longer than the load balancer's idle timeout of 60 s, so that it is never the app that closes a connection first.
	server := &http.Server{Addr: ":" + port, Handler: http.HandlerFunc(answer), IdleTimeout: 65 * time.Second, ReadHeaderTimeout: 10 * time.Second}

	stop, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	stopped := make(chan struct{})
	go func() {
		<-stop.Done()
		// Waits for the requests in flight; the limit is the task's stopTimeout.
		_ = server.Shutdown(context.Background())
		close(stopped)
	}()

	slog.Info("listening", "port", port)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		slog.Error("cannot listen", "error", err.Error())
		os.Exit(1)
	}
	<-stopped
	slog.Info("stopped")
}
