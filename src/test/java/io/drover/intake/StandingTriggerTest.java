package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.journal.SetAside;
import io.drover.local.Servers;
import io.drover.local.TopicReader;
import io.drover.start.Periodic;
import io.drover.who.Actor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Nothing makes a trigger stand for ever: no record, no dead letter topic, no end of a consumer's thread. */
class StandingTriggerTest extends RecordsTestBase {

    @Autowired
    KafkaTriggers triggers;

    @Autowired
    SetAside setAside;

    @Test
    void aRecordThatBringsAboutAnErrorIsADeadLetter() {
        send(OVERFLOW, bytes("bad"), bytes("{\"overflow\":1}"));
        send(OVERFLOW, bytes("good"), bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("overflow")).containsExactly("good"));
        assertThat(TopicReader.read(Servers.brokers(), OVERFLOW + ".dlq"))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.key()).isEqualTo(bytes("bad"));
                    assertThat(TopicReader.header(letter, "drover-error-type")).isEqualTo("StackOverflowError");
                });
    }

    @Test
    void aConsumerThatEndedIsSeenAndReadsOnFromWhatIsCommitted() {
        send(DYING, bytes("after"), bytes("{}"));

        await().untilAsserted(() -> assertThat(keys("dying")).containsExactly("after"));
        assertThat(triggers.ends().get("dying")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(triggers.problems()).doesNotContainKey("dying"));
    }

    @Test
    void aRecordTooLargeForItsDeadLetterTopicIsSetAsideWhole() {
        byte[] large = bytes("x".repeat(20_000));
        send(TIGHT, bytes("large"), large);
        send(TIGHT, bytes("good-tight"), bytes("{\"number\":1}"));

        await().untilAsserted(() -> assertThat(keys("tight")).containsExactly("good-tight"));
        await().until(() -> !setAside.list("tight", 10).isEmpty());
        SetAside.Entry entry = onlyOne("tight");
        assertThat(entry.position()).isEqualTo(new SetAside.Position("tight", TIGHT, 0, 0));
        assertThat(entry.why().reason()).contains("not JSON");
        SetAside.Content content = setAside.content(entry.id());
        assertThat(content.key()).isEqualTo(bytes("large"));
        assertThat(content.payload()).isEqualTo(large);
        assertThat(setAside.remove(entry.id(), Actor.person("ada"), SetAside.Removal.FORGOTTEN))
                .isTrue();
        assertThat(setAside.list("tight", 10)).isEmpty();
    }

    @Test
    void aDeadLetterTopicThatCannotBeHoldsNothingUp() {
        send(LONG_NAME, bytes("bad"), bytes("{"));
        send(LONG_NAME, bytes("good-long-name"), bytes("{\"number\":1}"));

        await().untilAsserted(() -> assertThat(keys("long-name")).containsExactly("good-long-name"));
        await().until(() -> !setAside.list("long-name", 10).isEmpty());
        assertThat(onlyOne("long-name").why().refusal()).isNotBlank();
    }

    @Test
    void anOperatorsSkipMakesARecordADeadLetter() {
        long last = send(SECOND, bytes("second"), bytes("{}"));
        setAside.skip(
                new SetAside.Position("two-topics", SECOND, 0, last + 1), Actor.person("ada"), "it ends the process");
        Periodic.open().stream()
                .filter(one -> one.name().equals("record-skips"))
                .forEach(Periodic::run);
        send(SECOND, bytes("skipped"), bytes("{}"));

        await().untilAsserted(() -> assertThat(TopicReader.read(Servers.brokers(), SECOND + ".dlq"))
                .singleElement()
                .satisfies(letter -> assertThat(TopicReader.header(letter, "drover-reason"))
                        .isEqualTo("skipped by ada: it ends the process")));
        assertThat(keys("two-topics")).doesNotContain("skipped");
    }

    @Test
    void aTriggersGroupBeginsWhereTheGroupOfAllTriggersStood() {
        await().untilAsserted(() -> assertThat(keys("adopted")).containsExactly("adopted2"));
    }

    private SetAside.Entry onlyOne(String trigger) {
        List<SetAside.Entry> entries = setAside.list(trigger, 10);
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }
}
