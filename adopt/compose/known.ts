// Images that are no services of one's own: what AWS has in their place, and what only a machine of a developer needs.

export interface Known {
  /** What it is. */
  what: string;
  /** What to use in its place. */
  instead: string;
  /** The port that the apps connect to. */
  port?: number;
}

const RDS = (engine: string) => `Amazon RDS for ${engine}, or Aurora`;
const IMAGES: [name: RegExp, known: Known][] = [
  [/postgres|postgis|timescaledb|pgvector|supabase\/postgres/, { what: "a database", instead: RDS("PostgreSQL"), port: 5432 }],
  [/mysql|percona/, { what: "a database", instead: RDS("MySQL"), port: 3306 }],
  [/mariadb/, { what: "a database", instead: "Amazon RDS for MariaDB", port: 3306 }],
  [/mssql|sqlserver|sql-edge/, { what: "a database", instead: "Amazon RDS for SQL Server", port: 1433 }],
  [/^oracle/, { what: "a database", instead: "Amazon RDS for Oracle", port: 1521 }],
  [/redis|valkey|keydb|dragonfly/, { what: "a store of data in memory", instead: "Amazon ElastiCache for Valkey or Redis", port: 6379 }],
  [/memcached/, { what: "a cache", instead: "Amazon ElastiCache for Memcached", port: 11211 }],
  [/mongo(?!-express)/, { what: "a database", instead: "Amazon DocumentDB, or MongoDB Atlas", port: 27017 }],
  [/rabbitmq/, { what: "a message broker", instead: "Amazon MQ for RabbitMQ", port: 5672 }],
  [/activemq|artemis/, { what: "a message broker", instead: "Amazon MQ for ActiveMQ", port: 61616 }],
  [/kafka|redpanda|zookeeper/, { what: "a message broker", instead: "Amazon MSK", port: 9092 }],
  [/nats(-streaming)?$/, { what: "a message broker", instead: "Amazon SNS and SQS, or a NATS of your own on instances", port: 4222 }],
  [/elasticsearch|opensearch(?!-dashboards)/, { what: "a search index", instead: "Amazon OpenSearch Service", port: 9200 }],
  [/cassandra|scylla/, { what: "a database", instead: "Amazon Keyspaces", port: 9042 }],
  [/minio/, { what: "object storage", instead: "Amazon S3, by service.permissions", port: 9000 }],
  [/influxdb/, { what: "a database", instead: "Amazon Timestream for InfluxDB", port: 8086 }],
  [/neo4j/, { what: "a database", instead: "Amazon Neptune, or Neo4j Aura", port: 7687 }],
  [/clickhouse/, { what: "a database", instead: "ClickHouse Cloud, or Amazon Redshift", port: 8123 }],
  [
    /couchdb|couchbase|rethinkdb|arangodb|cockroach|surrealdb/,
    { what: "a database", instead: "a service of its makers, or a database of AWS's" },
  ],
  [/dynamodb-local/, { what: "DynamoDB on your machine", instead: "Amazon DynamoDB itself, by service.permissions", port: 8000 }],
  [/elasticmq/, { what: "SQS on your machine", instead: "Amazon SQS itself, by service.queue", port: 9324 }],
  [/localstack/, { what: "AWS on your machine", instead: "AWS itself, by service.permissions", port: 4566 }],
  [/mailhog|mailpit|mailcatcher|maildev|inbucket|smtp4dev/, { what: "a mail server for tests", instead: "Amazon SES", port: 1025 }],
  [
    /traefik|nginx-proxy|docker-gen|caddy-docker-proxy/,
    { what: "a proxy that finds containers by Docker", instead: "the load balancer of the stack, by path and host" },
  ],
  [
    /adminer|pgadmin|phpmyadmin|mongo-express|redis-commander|redisinsight|portainer|watchtower|dozzle/,
    { what: "a tool for a developer's machine", instead: "a tunnel from there" },
  ],
];

/** What an image is that is not run as a service; undefined for any other. */
export function knownImage(image: string): Known | undefined {
  const last = image
    .split("@")[0]!
    .replace(/:[^/:]*$/, "")
    .toLowerCase()
    .split("/")
    .at(-1)!;
  // What measures, copies or asks one keeps nothing itself.
  return /exporter|backup|client/.test(last) ? undefined : IMAGES.find(([form]) => form.test(last))?.[1];
}

/** Ports that do not speak HTTP, by what does. */
const NO_HTTP: Record<number, string> = {
  21: "FTP",
  22: "SSH",
  25: "SMTP",
  53: "DNS",
  465: "SMTP",
  587: "SMTP",
  1025: "SMTP",
  1433: "SQL Server",
  1521: "Oracle",
  1883: "MQTT",
  3306: "MySQL",
  4222: "NATS",
  5005: "a debugger",
  5432: "PostgreSQL",
  5671: "AMQP",
  5672: "AMQP",
  5678: "a debugger",
  6379: "Redis",
  8883: "MQTT",
  9092: "Kafka",
  9229: "a debugger",
  11211: "memcached",
  27017: "MongoDB",
  61616: "ActiveMQ",
};
export const spokenAt = (port: number): string | undefined => NO_HTTP[port];
