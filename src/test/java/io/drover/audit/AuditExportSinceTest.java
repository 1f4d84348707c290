package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An export of what was written since some time: what it proves, and what not. */
class AuditExportSinceTest extends AuditedDatabase {

    @BeforeEach
    void oneSession() {
        dataSource.setMaximumPoolSize(1);
    }

    private Instant firstCheckpoint() {
        return owner.sql("select at from audit_checkpoint where size = 1")
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    @Test
    void holdsWhatCameAfterACheckpointAndAgreesWithOldOnes() throws Exception {
        String first = sealedTwice();
        decide("ann", "release");

        String export = exportSince(firstCheckpoint());

        AuditVerifier.Report report = read(export, first);
        assertThat(report.problems()).isEmpty();
        assertThat(report.since()).isEqualTo(1);
        assertThat(report.rows()).isEqualTo(3);
        assertThat(report.unsealed()).isEqualTo(1);
        assertThat(report.size()).isEqualTo(2);
        assertThat(report.checkpoints()).isEqualTo(2);
        assertThat(export.lines().filter(line -> line.contains("\"entry\""))).hasSize(3);
        assertThat(export).contains("\"who\":\"eve\"").doesNotContain("\"cancel\"");
    }

    /** A chain that began after the checkpoint, and one that did before and has nothing new. */
    @Test
    void holdsNewChainsAndNoOldOnes() throws Exception {
        decide("ann", "hold");
        seal();
        dataSource.getHikariPoolMXBean().softEvictConnections();
        decide("bob", "hold");
        seal();

        AuditVerifier.Report report = read(exportSince(firstCheckpoint()));

        assertThat(report.problems()).isEmpty();
        assertThat(report.rows()).isEqualTo(1);
    }

    @Test
    void isTheWholeLogBeforeTheFirstCheckpoint() throws Exception {
        sealedTwice();

        AuditVerifier.Report report = read(exportSince(firstCheckpoint().minusMillis(1)));

        assertThat(report.problems()).isEmpty();
        assertThat(report.since()).isZero();
        assertThat(report.rows()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    update audit_chain set body = replace(body, 'resolve', 'redo') where seq = 4 | row 4 was changed
                    delete from audit_chain where seq = 4                                        | rows 4 to 4 are missing
                    delete from audit_chain where seq = 5                                        | cut off or removed: row 5
                    delete from audit_chain where seq = 1                                        | cut off or removed: row 5
                    delete from audit_leaf where index = 0                                       | leaf 0 of the tree is missing
                    delete from audit where id = 4                                               | decision 4 was removed
                    update audit set who = 'ann' where id = 4                                    | decision 4 was changed
                    update audit_leaf l set seq = 4, hash = c.hash from audit_chain c where l.index = 0 and c.seq = 4 | was rewritten
                    """)
    void findsWhatWasDoneSince(String attack, String finding) throws Exception {
        sealedTwice();
        Instant since = firstCheckpoint();
        assertThat(read(exportSince(since)).problems()).isEmpty();

        owner.sql(attack).update();

        assertThat(read(exportSince(since)).problems()).anyMatch(problem -> problem.contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    update audit_chain set body = replace(body, 'cancel', 'redo') where seq = 3 | row 3 was changed
                    update audit set who = 'eve' where id = 1                                   | decision 1 was changed
                    """)
    void doesNotShowWhatIsLeftOut(String attack, String finding) throws Exception {
        sealedTwice();

        owner.sql(attack).update();

        AuditVerifier.Report report = read(exportSince(firstCheckpoint()));
        assertThat(report.problems()).isEmpty();
        assertThat(report.since()).as("and says so").isEqualTo(1);
        assertThat(verify().problems()).anyMatch(problem -> problem.contains(finding));
    }

    @Test
    void cannotClaimToLeaveOutMoreThanThereIs() throws Exception {
        sealedTwice();
        String export = exportSince(firstCheckpoint());

        assertThat(read(export.replaceFirst("\"size\":1", "\"size\":99")).problems())
                .anyMatch(problem -> problem.contains("leaves out the rows under 99 leaves, and the log has 2"));
        assertThat(read(export.replaceFirst("(.*\n)(.*\n)", "$2$1")).problems())
                .anyMatch(problem -> problem.contains("line 2 of the export is not as Drover writes it"));
    }
}
