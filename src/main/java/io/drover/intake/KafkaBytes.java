package io.drover.intake;

import org.apache.camel.Component;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.spi.ComponentCustomizer;

/**
 * Bounds what a trigger fetches from Kafka by the heap: records are in memory from the poll until their tasks are durable.
 * A trigger, or {@code camel.component.kafka.*}, may ask for less or for more.
 */
@org.springframework.stereotype.Component
class KafkaBytes implements ComponentCustomizer {

    private static final int PART_OF_HEAP = 40;
    private static final int KAFKAS_OWN = 50 << 20;
    private static final int LEAST = 1 << 20;

    @Override
    public void configure(String name, Component target) {
        KafkaConfiguration kafka = ((KafkaComponent) target).getConfiguration();
        if (kafka.getFetchMaxBytes() == null || kafka.getFetchMaxBytes() == KAFKAS_OWN) {
            kafka.setFetchMaxBytes(most(Runtime.getRuntime().maxMemory()));
        }
    }

    static int most(long heap) {
        return (int) Math.clamp(heap / PART_OF_HEAP, LEAST, KAFKAS_OWN);
    }

    @Override
    public boolean isEnabled(String name, Component target) {
        return target instanceof KafkaComponent;
    }
}
