package io.drover.who;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Quick
class WorkflowsTest {

    @ParameterizedTest
    @CsvSource({
        "refund, refund, true",
        "refund, refunds, false",
        "refund, a-refund, false",
        "refund*, refund, true",
        "refund*, refund_all-2, true",
        "*-eu, refund-eu, true",
        "*-eu, refund-eu-2, false",
        "a*z, az, true",
        "a*z, abz, true",
        "a*z, abzb, false"
    })
    void aStarStandsForAnyCharacters(String glob, String workflow, boolean allowed) {
        Workflows workflows = Workflows.of(List.of(glob, "other"));

        assertThat(workflows.allow(workflow)).isEqualTo(allowed);
        assertThat(workflows.allow("other")).isTrue();
        assertThat(workflows.isAll()).isFalse();
    }

    @Test
    void nothingOrAStarIsForAll() {
        assertThat(Workflows.of(Set.of())).isEqualTo(Workflows.ALL);
        assertThat(Workflows.of(Set.of("*", "a"))).isEqualTo(Workflows.ALL);
        assertThat(Workflows.ALL.allow("anything")).isTrue();
        assertThat(Workflows.ALL.regex()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"a.b", "'a|b'", "(a", "a b", "''", "1a", "a$", "'a,b'"})
    void aGlobIsAWorkflowsName(String text) {
        assertThat(Workflows.isGlob(text)).isFalse();
        assertThat(Workflows.isGlob(null)).isFalse();
        assertThat(Workflows.isGlob("*a-B_9*")).isTrue();
    }
}
