package io.drover.telemetry;

import io.drover.intake.KafkaIntake;
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
class ConsumerMeters {

    private final KafkaIntake intake;
    private final MultiGauge down;

    ConsumerMeters(KafkaIntake intake, MeterRegistry registry) {
        this.intake = intake;
        this.down = MultiGauge.builder("agent.kafka.consumer.down")
                .description(
                        "1 where a consumer of the trigger has ended in this process and has not run for ten seconds since.")
                .register(registry);
    }

    void look() {
        Set<String> problems = intake.problems().keySet();
        List<Row<?>> rows = new ArrayList<>();
        for (KafkaIntake.Trigger trigger : intake.triggers()) {
            rows.add(Row.of(Tags.of("trigger", trigger.name()), problems.contains(trigger.name()) ? 1 : 0));
        }
        down.register(rows, true);
    }
}
