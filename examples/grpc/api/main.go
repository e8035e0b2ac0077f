// A gRPC server with gRPC's health service, which stops when it is asked to: calls under way are finished first.
package main

import (
	"context"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "50051"
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	status := health.NewServer()
	healthpb.RegisterHealthServer(server, status)
	// Yours: pb.RegisterShopServer(server, &shop{}).

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		status.Shutdown()
		server.GracefulStop()
	}()
	log.Printf("listening on %s", port)
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
