package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.audit.AuditProver.Proved;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken out of an export about one task or decision, and what is found after somebody was at that. */
class AuditProofTest extends AuditedDatabase {

    private Proved proved = new Proved(0, 0);

    @BeforeEach
    void oneSession() {
        dataSource.setMaximumPoolSize(1);
    }

    private String prove(Object subject, @Nullable String checkpoint) throws IOException {
        return prove(export(), subject, checkpoint);
    }

    private String prove(String export, Object subject, @Nullable String checkpoint) throws IOException {
        StringWriter out = new StringWriter();
        proved = new AuditProver(subject.toString(), checkpoint)
                .prove(new BufferedReader(new StringReader(export)), out);
        return out.toString();
    }

    private ProofVerifier.Report check(String proof, String... checkpoints) throws IOException {
        return new ProofVerifier(keys(), List.of(checkpoints)).verify(new BufferedReader(new StringReader(proof)));
    }

    @Test
    void provesADecisionAndTellsOfNoOther() throws Exception {
        sealedTwice();

        String proof = prove(4, null);

        ProofVerifier.Report report = check(proof);
        assertThat(report.problems()).isEmpty();
        assertThat(report.lines()).hasSize(2);
        assertThat(report.lines().get(0)).matches("\\S+Z \\[\"decided\", 4, \"resolve\".*");
        assertThat(report.lines().get(1)).isEqualTo("eve resolve {\"n\": 1, \"why\": \"Zürich\"}");
        assertThat(report.size()).isEqualTo(2);
        assertThat(proof)
                .as("the rows from its own to the leaf, of which the row of another decision is one")
                .contains("\"seq\":3", "\"seq\":4", "\"seq\":5")
                .doesNotContain("bob", "ann", "ü");
    }

    @Test
    void provesWhatHappenedToATask() throws Exception {
        UUID task = UUID.randomUUID();
        sealedTwice();
        app.sql("insert into task (id, workflow, status, input) values (?, 'w', 'QUEUED', '{}')")
                .param(task)
                .update();
        seal();
        decide("ann", "hold");
        app.sql("update task set status = 'CANCELLED', finished_at = now() where id = ?")
                .param(task)
                .update();
        seal();

        ProofVerifier.Report report = check(prove(task, null));

        assertThat(report.problems()).isEmpty();
        assertThat(report.of()).isEqualTo(task.toString());
        assertThat(report.lines().stream().map(line -> line.replaceAll("^\\S+ \\[\"(\\w+)\".*", "$1")))
                .containsExactly("submitted", "ended");
        assertThat(proved).isEqualTo(new Proved(2, 0));
    }

    @Test
    void leadsToACheckpointThatSomebodyKept() throws Exception {
        String first = sealedTwice();

        assertThat(check(prove(1, first), first).problems()).isEmpty();
        assertThat(check(prove(1, null), first).problems())
                .singleElement()
                .asString()
                .contains("leads to a checkpoint of size 2, and that which was given is of size 1");
        assertThat(check(prove(4, first)).problems())
                .singleElement()
                .asString()
                .contains("no line about that of which it is");
        assertThat(proved).as("it came after that checkpoint").isEqualTo(new Proved(0, 1));
    }

    @Test
    void isMadeFromAnExportOfTheLastRows() throws Exception {
        String first = sealedTwice();
        String export = exportSince(owner.sql("select at from audit_checkpoint where size = 1")
                .query(java.sql.Timestamp.class)
                .single()
                .toInstant());

        assertThat(check(prove(export, 4, null)).problems()).isEmpty();
        prove(export, 1, first);
        assertThat(proved).as("its row is not there").isEqualTo(new Proved(0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    resolve\\\\"            | redo\\\\"          | row 4 was changed
                    "index":1               | "index":0          | is not leaf 0 under the checkpoint of size 2
                    "seq":3                 | "seq":2            | rows 3 to 3 are missing
                    ("path":.")[0-9a-f]{2}  | $1zz               | line 2 of the proof is not as Drover writes it
                    ("path":.")[0-9a-f]{2}  | $1                 | is not leaf 1 under the checkpoint of size 2
                    "path":.*?]             | "path":[]          | is not leaf 1 under the checkpoint of size 2
                    (?m)^.*"seq":5.*$\\n    |                    | its row 4 is not leaf 1
                    (?m)^.*"seq":4.*$\\n    |                    | rows 4 to 4 are missing
                    (?m)^.*"chain".*$\\n    |                    | is not as Drover writes it
                    (?m)^.*"entry".*$\\n    |                    | the proof has 4 lines, and says that it has 5
                    (?m)^.*"end".*$\\n      |                    | the proof has no end
                    "eve"                   | "ann"              | decision 4 was changed
                    "of":"4"                | "of":"5"           | is not as Drover writes it
                    \\\\n2\\\\n             | \\\\\\\\n3\\\\\\\\n | its checkpoint is not signed by drover
                    """)
    void findsWhatWasDoneToIt(String from, @Nullable String to, String finding) throws Exception {
        sealedTwice();
        String proof = prove(4, null);
        assertThat(check(proof).problems()).isEmpty();

        String changed = proof.replaceAll(from, to == null ? "" : to);

        assertThat(changed).isNotEqualTo(proof);
        assertThat(check(changed).problems()).anyMatch(problem -> problem.contains(finding));
    }

    /** Somebody else's log, with the line that somebody wants to be in ours. */
    @Test
    void findsAProofOfAnotherLog() throws Exception {
        String ours = sealedTwice();
        String theirs = prove(4, null);
        String own = key;
        key = sealing(directory.resolve("other.pem")).verifier();

        assertThat(check(theirs).problems())
                .singleElement()
                .asString()
                .contains("its checkpoint is not signed by drover");
        key = null;
        assertThat(check(prove(1, ours)).problems())
                .as("without a key anything goes")
                .isEmpty();
        key = own;
        String forged = ours.replaceFirst("\\n[A-Za-z0-9+/]{4}", "\nAAAA");
        assertThat(check(prove(1, ours), forged).problems())
                .anyMatch(problem -> problem.contains("the checkpoint that was given is not signed"))
                .anyMatch(problem -> problem.contains("is another than that which was given"));
    }

    @Test
    void provesNothingWithoutAnExportThatAgreesWithTheCheckpoint() throws Exception {
        decide("ann", "hold");
        String unsealed = export();
        assertThatThrownBy(() -> prove(unsealed, 1, null)).hasMessage("it has no checkpoint");
        assertThatThrownBy(() -> prove("", 1, null)).hasMessage("it has no rows");
        assertThatThrownBy(() -> prove("x", 1, null)).hasMessageContaining("line 1 is not as");
        assertThatThrownBy(() -> prove("ann", null)).hasMessageContaining("neither the UUID of a task nor");
        seal();
        decide("ann", "release");
        String second = seal();
        String cut = export().lines()
                .filter(line -> !line.contains("\"index\":1"))
                .collect(Collectors.joining("\n", "", "\n"));
        String other = export().replaceFirst("(\"leaf\",\"index\":0,.*\"hash\":\")..", "$1ff");

        assertThatThrownBy(() -> prove(cut, 1, second))
                .hasMessageContaining("it has 1 leaves, and the checkpoint has 2");
        assertThatThrownBy(() -> prove(other, 1, second)).hasMessageContaining("have another root");
    }
}
