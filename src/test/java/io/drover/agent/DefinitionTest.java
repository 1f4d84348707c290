package io.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.json.Schema;
import io.drover.memory.MemoryTool;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is recorded of an agent's definition says all that its model saw. */
@Quick
class DefinitionTest {

    private static final Schema PARAMETERS = Schema.ofSchema(
            """
            {"type":"object","properties":{"z":{"type":"integer","maximum":100},"a":{"type":"number","minimum":0.5}},"required":["z"]}
            """);
    private static final Function REFUND = new Function("refund", "Refunds \u00e4 lot", PARAMETERS.schema(), null);
    private static final Function RECALL = new Function(
            MemoryTool.RECALL.toolName(),
            "Recalls",
            MemoryTool.RECALL.argumentsWithoutKey().schema(),
            "customer/ada");
    private static final Definition WHOLE = new Definition(
            "dear",
            "Be strict",
            0.5,
            Schema.ofSchema("{\"type\":\"object\",\"required\":[\"kind\"]}"),
            new TreeMap<>(Map.of("refund", REFUND, "recall", RECALL)));

    @Test
    void whatIsReadIsWhatWasRecorded() {
        Definition read = Definition.read("triage", WHOLE.body(), "customer/ada");

        assertThat(read.body()).isEqualTo(WHOLE.body());
        assertThat(read.specifications()).isEqualTo(WHOLE.specifications());
        assertThat(read.fingerprint()).isEqualTo(WHOLE.fingerprint());
        assertThat(read).usingRecursiveComparison().ignoringFields("output").isEqualTo(WHOLE);
        assertThat(read.output().schema()).isEqualTo(WHOLE.output().schema());
        assertThat(read.specifications().getLast().parameters().toString())
                .as("in the author's order and spelling")
                .isEqualTo(PARAMETERS.schema().toString());
    }

    @Test
    void whatIsNotSetIsNotSet() {
        Definition bare = new Definition("default", null, null, null, new TreeMap<>());

        assertThat(Definition.read("triage", bare.body(), null)).isEqualTo(bare);
    }

    @Test
    void theKeyOfAMemoryIsNotRecordedAndNotForTheModelToChoose() {
        assertThat(WHOLE.body()).doesNotContain("ada");
        assertThat(Definition.read("triage", WHOLE.body(), "another")
                        .functions()
                        .get("recall")
                        .key())
                .isEqualTo("another");
        assertThat(Definition.read("triage", WHOLE.body(), null).functions()).containsOnlyKeys("refund");
    }

    @Test
    void aTextThatIsNoUnicodeCanBeStored() {
        Definition odd = new Definition("default", "half \ud83d of a character", null, null, new TreeMap<>());

        assertThat(Definition.read("triage", odd.body(), null).system()).isEqualTo("half ? of a character");
    }

    @Test
    void aSchemaThatThisReleaseRefusesIsNamed() {
        assertThatThrownBy(() -> Definition.read(
                        "triage", "{\"model\":\"default\",\"outputSchema\":{\"type\":\"number or text\"}}", null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the recorded output schema of agent:triage is refused by this release");
    }

    @Test
    void aFunctionIsTheSameWhereItTakesTheSameWhateverItIsCalled() {
        Function read =
                Definition.read("triage", WHOLE.body(), null).functions().get("refund");
        Function described = new Function("refund", "Other words", PARAMETERS.schema(), null);
        Function stricter = new Function(
                "refund",
                REFUND.description(),
                Schema.ofTypes(Map.of("z", "integer")).schema(),
                null);

        assertThat(List.of(read, described)).allMatch(REFUND::takesTheSameAs);
        assertThat(REFUND.takesTheSameAs(stricter)).isFalse();
    }
}
