package io.drover.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.spring.SpringCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;

/** Spring starts by rising order, and stops by falling phase. */
@Quick
class SequenceTest {

    @Test
    void whatStartsFirstStopsLast() {
        List<Sequence> all = Arrays.asList(Sequence.values());

        assertThat(all).isSortedAccordingTo((a, b) -> Integer.compare(a.order(), b.order()));
        assertThat(all.stream().map(Sequence::phase).distinct()).hasSize(all.size());
        assertThat(all).isSortedAccordingTo((a, b) -> Integer.compare(a.phase(), b.phase()));
        assertThat(Sequence.WORKER.phase()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void allOfItStopsBeforeCamelAndTheWebServer() throws Exception {
        try (SpringCamelContext camel = new SpringCamelContext()) {
            assertThat(Sequence.values()[0].phase())
                    .isGreaterThan(camel.getPhase())
                    .isGreaterThan(WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE);
        }
    }
}
