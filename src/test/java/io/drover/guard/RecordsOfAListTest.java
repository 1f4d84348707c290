package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.local.Servers;
import io.drover.local.TopicReader;
import java.util.List;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** A tool that sends a list to Kafka sends a record for each element, and a part of them may be stored. */
class RecordsOfAListTest extends LimitsTestBase {

    @Test
    void aListOfWhichOneRecordIsRefusedIsInDoubt() throws Exception {
        String topic = publishes("part", List.of("small", "x".repeat(5000)));

        UUID task = call("part", "");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(TopicReader.read(Servers.brokers(), topic)).hasSize(1);
    }

    @Test
    void aRecordThatIsRefusedIsAPlainFailure() throws Exception {
        String topic = publishes("whole", List.of("x".repeat(5000)));

        assertStatus(call("whole", ""), "DEAD");

        assertThat(TopicReader.read(Servers.brokers(), topic)).isEmpty();
    }

    private String publishes(String tool, List<String> records) throws Exception {
        String topic = Servers.newTopic(tool, 1);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:%s?retries=0&parameter.path=string".formatted(tool))
                        .routeId(tool)
                        .setBody(constant(records))
                        .to("kafka:%s?brokers=%s&maxRequestSize=1000".formatted(topic, Servers.brokers()))
                        .setBody(constant("sent"));
            }
        });
        return topic;
    }
}
