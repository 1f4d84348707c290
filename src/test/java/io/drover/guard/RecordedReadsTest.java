package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Where every result is to be durable before the next step. */
@TestPropertySource(properties = "drover.journal.defer-reads=false")
class RecordedReadsTest extends ReadsTestBase {

    @Test
    void everyReadIsDurableBeforeTheNextStep() {
        answer();
        SERVER.respond("/look", this::peeked);

        run("reads-then-put");

        assertThat(HELD).containsExactly(0, 1, 2);
    }
}
