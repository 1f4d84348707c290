package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSONPath in a tool, over what another side sends, and in a workflow. */
class JsonPathTest extends LimitsTestBase {

    @ParameterizedTest
    @CsvSource({"3, much: 7", "2, few: 7"})
    void readsInAToolAndInAWorkflow(int amount, String output) {
        String path = path(FaultyServer.json("{\"items\":[{\"left\":7}]}"));

        UUID task = order(path, amount); // without a note, which is null then

        assertStatus(task, "COMPLETED");
        assertThat(task(task)).containsEntry("output", "\"%s\"".formatted(output));
    }

    /** The bounds of documents from outside hold here, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\":[{\"left\":7}],\"items\":[]}",
                "{items:[{left:7}]}",
                "{\"items\":[{\"left\":1e1000}]}",
                "{\"items\":[{\"left\":7}]}}"
            })
    void refusesWhatIsNoJson(String answer) {
        UUID task = order(path(FaultyServer.json(answer)), 1);

        assertStatus(task, "DEAD");
        assertThat(task(task).get("error").toString()).contains("jsonpath reads JSON, and this is none");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String deep = "{\"items\":%s1%s}".formatted("[".repeat(120), "]".repeat(120));

        assertStatus(order(path(FaultyServer.json(deep)), 1), "DEAD");
    }

    /** Elsewhere than in an argument a missing field is a mistake, unless suppressExceptions says otherwise. */
    @Test
    void failsWhereAFieldIsMissing() {
        UUID task = order(path(FaultyServer.json("{\"things\":[]}")), 1);

        assertStatus(task, "DEAD");
        assertThat(task(task).get("error").toString()).contains("items");
    }

    private UUID order(String path, int amount) {
        return submit("stock-of-order", "{\"order\":{\"path\":\"%s\",\"amount\":%d}}".formatted(path, amount));
    }
}
