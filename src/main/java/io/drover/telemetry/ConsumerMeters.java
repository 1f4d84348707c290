package io.drover.telemetry;

import io.drover.intake.KafkaTriggers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Whether the consumers of this process's triggers read. */
@Component
class ConsumerMeters implements Look {

    private final KafkaTriggers triggers;
    private final MultiGauge down;

    ConsumerMeters(KafkaTriggers triggers, MeterRegistry registry) {
        this.triggers = triggers;
        this.down = MultiGauge.builder("agent.kafka.consumer.down")
                .description(
                        "1 where a consumer of the trigger has ended in this process and has not run for ten seconds since.")
                .register(registry);
    }

    @Override
    public String what() {
        return "consumers";
    }

    @Override
    public void look() {
        Set<String> problems = triggers.problems().keySet();
        List<Row<?>> rows = new ArrayList<>();
        for (KafkaTriggers.Trigger trigger : triggers.triggers()) {
            rows.add(Row.of(Tags.of("trigger", trigger.name()), problems.contains(trigger.name()) ? 1 : 0));
        }
        down.register(rows, true);
    }
}
