/* Kafka for tests: librdkafka's mock cluster as a process of its own. It prints its address, obeys one command a line on
 * its standard input, answers each with a line, and ends when its input is closed. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is sent goes through a client of its own. */
static rd_kafka_t *new_producer(const char *servers, const char *codec) {
  char error[512];
  rd_kafka_conf_t *sending = rd_kafka_conf_new();
  rd_kafka_conf_set(sending, "bootstrap.servers", servers, error, sizeof(error));
  rd_kafka_conf_set(sending, "compression.codec", codec, error, sizeof(error));
  return rd_kafka_new(RD_KAFKA_PRODUCER, sending, error, sizeof(error));
}

int main(int argc, char **argv) {
  char error[512], line[1024], topic[256], hex[700000];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "client.id", "mock", error, sizeof(error));
  rd_kafka_t *handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
  rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(handle, argc > 1 ? atoi(argv[1]) : 1);
  const char *servers = rd_kafka_mock_cluster_bootstraps(cluster);

  rd_kafka_t *producer = new_producer(servers, "none");
  printf("BROKERS=%s\n", servers);
  fflush(stdout);

  while (fgets(line, sizeof(line), stdin)) {
    int partitions = 0, partition = 0, broker = 0;
    if (sscanf(line, "topic %255s %d", topic, &partitions) == 2) {
      rd_kafka_mock_topic_create(cluster, topic, partitions, 1);
    } else if (sscanf(line, "send %255s %d", topic, &partition) == 2 ||
               sscanf(line, "queue %255s %d", topic, &partition) == 2) {
      /* The message is the next line, in hexadecimal. One that is queued goes with others, at the latest with "flush". */
      if (!fgets(hex, sizeof(hex), stdin)) break;
      size_t size = strcspn(hex, "\n") / 2;
      unsigned char *bytes = malloc(size + 1);
      for (size_t at = 0; at < size; at++) sscanf(hex + 2 * at, "%2hhx", &bytes[at]);
      rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition),
                        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(bytes, size), RD_KAFKA_V_END);
      free(bytes);
      if (line[0] == 's') rd_kafka_flush(producer, 10000);
    } else if (strncmp(line, "flush", 5) == 0) {
      rd_kafka_flush(producer, 60000);
    } else if (sscanf(line, "codec %255s", topic) == 1) {
      /* What is sent from now on is compressed so: none, gzip, snappy, lz4, zstd. */
      rd_kafka_flush(producer, 60000);
      rd_kafka_destroy(producer);
      producer = new_producer(servers, topic);
    } else if (sscanf(line, "coord %255s %d", topic, &broker) == 2) {
      rd_kafka_mock_coordinator_set(cluster, "group", topic, broker);
    } else if (sscanf(line, "leader %255s %d %d", topic, &partition, &broker) == 3) {
      rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker);
    } else if (sscanf(line, "down %d", &broker) == 1) {
      rd_kafka_mock_broker_set_down(cluster, broker);
    } else if (sscanf(line, "up %d", &broker) == 1) {
      rd_kafka_mock_broker_set_up(cluster, broker);
    } else {
      printf("unknown\n");
      fflush(stdout);
      continue;
    }
    printf("done\n");
    fflush(stdout);
  }
  /* The process goes with all that it holds. */
  return 0;
}
