package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only an effect forces a commit: what was read is durable before anything that may depend on it, and not before. */
class DeferredReadsTest extends ReadsTestBase {

    @BeforeEach
    void begin() {
        answer();
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "post", "http", "bean", "expression", "choice"})
    void theJournalHoldsWhatWasReadBeforeAnythingLeaves(String how) {
        UUID task = run("reads-then-" + how);

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(HELD).containsExactly(2);
    }

    @Test
    void theJournalHoldsWhatAToolReadByAnotherToolBeforeItSends() {
        UUID task = run("reads-then-put-inside");

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(HELD).containsExactly(3);
    }

    @Test
    void noReadWaitsForTheOneBeforeIt() {
        SERVER.respond("/look", this::peeked);

        UUID task = run("reads-then-put");

        assertThat(HELD).containsExactly(0, 0, 2);
        assertThat(writers(task, "look"))
                .as("in one commit")
                .hasSize(2)
                .containsOnly(writers(task, "look").get(0));
    }

    @Test
    void aCallThatIsRecordedFirstTakesTheReadsAlong() {
        SERVER.respond("/post", request -> {
            peeks.peek();
            HELD.add(jdbc.sql("select count(distinct xmin::text) from call where state in ('SUCCEEDED', 'STARTED')")
                    .query(Integer.class)
                    .single());
            return FaultyServer.json("{}");
        });

        run("reads-then-post");

        assertThat(HELD)
                .as("reads, and the transactions that wrote them and the begin")
                .containsExactly(2, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal:read", "task:reads-only"})
    void whatIsSentIsRecordedAfterWhatWasRead(String step) {
        UUID task = run("reads-then-" + step.substring(0, step.indexOf(':')));

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(writers(task, "look"))
                .hasSize(2)
                .allMatch(read -> read < writers(task, step).get(0));
    }

    @Test
    void aQuestionToAPersonIsAskedAfterWhatWasRead() {
        UUID task = run("reads-then-question");

        assertThat(status(task)).isEqualTo("WAITING");
        assertThat(writers(task, "look"))
                .hasSize(2)
                .allMatch(read -> read <= writers(task, "asks").get(0));
    }

    @Test
    void whatWasReadLastGoesOutWithTheEnd() {
        UUID task = run("reads-only");

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(writers(task, "look"))
                .hasSize(2)
                .containsOnly(jdbc.sql("select xmin::text::bigint from task where id = ?")
                        .param(task)
                        .query(Long.class)
                        .single());
    }

    /** A flag is a read: whatever may depend on it finds it in the journal. */
    @ParameterizedTest
    @ValueSource(strings = {"put", "post", "http", "bean"})
    void theJournalHoldsAFlagBeforeAnythingLeaves(String how) {
        UUID task = run("flag-then-" + how);

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(HELD).containsExactly(1);
    }

    @Test
    void aFlagCostsNoCommitOfItsOwn() {
        UUID task = run("flag-only");

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(writers(task, "flag:unknown"))
                .containsExactly(jdbc.sql("select xmin::text::bigint from task where id = ?")
                        .param(task)
                        .query(Long.class)
                        .single());
    }

    @Test
    void aFailedAttemptKeepsWhatItHasRead() {
        UUID task = submit("reads-then-failure");
        await().until(() -> status(task).equals("DEAD"));

        assertThat(SERVER.requests("/look")).as("of two attempts").hasSize(2);
        assertThat(writers(task, "look")).hasSize(2);
    }

    @Test
    void hundredsOfReadsDoNotPileUp() {
        SERVER.respond("/look", this::peeked);

        UUID task = run("reads-then-many");

        assertThat(status(task)).as(error(task)).isEqualTo("COMPLETED");
        assertThat(writers(task, "look")).hasSize(252);
        assertThat(List.copyOf(HELD).getLast()).as("at the last read").isGreaterThanOrEqualTo(100);
    }
}
