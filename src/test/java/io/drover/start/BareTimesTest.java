package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@Quick
@ExtendWith(OutputCaptureExtension.class)
class BareTimesTest {

    @ConfigurationProperties("drover.some")
    record Ours(Duration pause, Map<String, Each> each, int number) {

        record Each(Duration timeout) {}
    }

    @ConfigurationProperties("other")
    record Others(Duration pause) {}

    @Configuration
    @EnableConfigurationProperties({Ours.class, Others.class})
    static class Properties {}

    @Test
    void aSmallTimeWithoutAUnitIsToldAtStart(CapturedOutput output) {
        new ApplicationContextRunner()
                .withUserConfiguration(Properties.class)
                .withBean(BareTimesAtStart.class)
                .withPropertyValues(
                        "some.time=30",
                        "drover.some.pause=${some.time}",
                        "drover.some.number=7",
                        "drover.some.each.a.timeout=10",
                        "drover.some.each.b.timeout=10s",
                        "drover.some.each.c.timeout=10ms",
                        "drover.some.each.d.timeout=5000",
                        "drover.some.each.e.timeout=0",
                        "other.pause=30")
                .run(context -> assertThat(context.getBean(Ours.class).pause()).isEqualTo(Duration.ofMillis(30)));

        assertThat(output.getAll().lines().filter(line -> line.contains("has no unit")))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .contains("drover.some.pause (30) has no unit, so it is in milliseconds; write 30s"),
                        line -> assertThat(line).contains("drover.some.each.a.timeout (10) has no unit"));
    }
}
