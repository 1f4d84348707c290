package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.local.Servers;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a producer takes back is no event. */
class AbortedRecordsTest extends RecordsTestBase {

    @Test
    void aRecordWhoseTransactionIsAbortedMakesNoTask() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Servers.brokers(), "transactional.id", ABORTED),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            send(producer, "taken-back");
            producer.abortTransaction();
            send(producer, "paid");
            producer.commitTransaction();
        }

        await().untilAsserted(() -> assertThat(keys("aborted")).contains("paid"));
        assertThat(keys("aborted")).containsExactly("paid");
    }

    private static void send(KafkaProducer<String, String> producer, String key) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(ABORTED, key, "{}"));
        producer.flush(); // it is stored before its transaction has ended
    }
}
