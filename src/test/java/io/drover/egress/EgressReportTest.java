package io.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Without a setting, what no list allows is made all the same, counted, and told once. */
@ExtendWith(OutputCaptureExtension.class)
class EgressReportTest extends EgressTestBase {

    @Test
    void letsThroughAndCountsAndTellsOnce(CapturedOutput output) {
        NAMES.answer("crm.example", "127.0.0.1");
        double before = counted("fetch", "reported");

        assertCompleted(call("fetch", url("crm.example", SERVER)));
        assertCompleted(call("fetch", url("crm.example", SERVER)));

        assertThat(SERVER.requests("/x")).hasSize(2);
        assertThat(counted("fetch", "reported")).isEqualTo(before + 2);
        assertThat(counted("fetch", "refused")).isZero();
        assertThat(output.toString().lines().filter(line -> line.contains("may not connect to crm.example")))
                .singleElement()
                .asString()
                .contains("tool fetch may not connect to crm.example: no list names the host; if it is meant, add"
                        + " crm.example to drover.egress.hosts (drover.egress.mode is report, so it connects)");
    }

    @Test
    void countsWhatCodeLooksUp(CapturedOutput output) {
        double before = counted("looks", "reported");

        UUID task = call("looks", "localhost");

        assertCompleted(task);
        assertThat(counted("looks", "reported")).isGreaterThanOrEqualTo(before);
        assertThat(output).doesNotContain("a step outside tools may not connect to localhost");
    }
}
