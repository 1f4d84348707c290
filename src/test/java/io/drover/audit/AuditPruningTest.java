package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.DatabaseRoles;
import io.drover.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the owner of the tables removes of an old log, and what is verified afterwards. */
class AuditPruningTest extends AuditedDatabase {

    private static final Duration KEEP = Duration.ofDays(30);

    private AuditPruning pruning;
    private String old;

    /** A chain of 41 days ago under a checkpoint of 40 days ago, and another one of today. */
    @BeforeEach
    void write() {
        pruning = new AuditPruning(
                new DriverManagerDataSource(TestDatabase.as(DatabaseRoles.OWNER, dataSource.getJdbcUrl())));
        dataSource.setMaximumPoolSize(1);
        decide("ann", "hold");
        decide("bob", "release");
        age();
        old = seal();
        owner.sql("update audit_checkpoint set at = at - interval '40 days'").update();
        decide("eve", "cancel");
        seal();
    }

    /** As if the session had written its rows then. */
    private void age() {
        owner.sql("update audit_chain set at = at - interval '41 days'").update();
        String before = "";
        for (int seq = 1; seq <= 2; seq++) {
            before = owner.sql(
                            """
                            update audit_chain
                               set hash = sha256(decode(?, 'hex') || uuid_send(writer) || int8send(seq) || timestamptz_send(at)
                                                 || convert_to(body, 'UTF8'))
                             where seq = ? returning encode(hash, 'hex')
                            """)
                    .params(before, seq)
                    .query(String.class)
                    .single();
        }
        dataSource.getHikariPoolMXBean().softEvictConnections(); // a session goes on with what it has written
    }

    private long count(String table) {
        return owner.sql("select count(*) from " + table).query(Long.class).single();
    }

    @Test
    void removesWhatEndedLongAgoAndTheRestIsVerified() throws Exception {
        assertThat(verify(old).problems()).isEmpty();

        AuditPruning.Pruned pruned = pruning.olderThan(KEEP);

        assertThat(pruned).isEqualTo(new AuditPruning.Pruned(1, 1, 2, 2));
        assertThat(count("audit")).isEqualTo(1);
        assertThat(count("audit_leaf")).isEqualTo(2);
        seal(); // what says that it was removed
        AuditVerifier.Report report = verify(old);
        assertThat(report.problems()).isEmpty();
        assertThat(report.since()).isEqualTo(1);
        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.pruned()).singleElement().asString().endsWith("[\"pruned\", 1, \"drover_owner\"]");
        assertThat(export()).doesNotContain("ann", "bob").contains("eve");
        assertThat(pruning.olderThan(KEEP)).as("nothing else is so old").isEqualTo(new AuditPruning.Pruned(0, 0, 0, 0));
    }

    @Test
    void findsWhatIsDoneToTheRest() throws Exception {
        pruning.olderThan(KEEP);
        seal();
        assertThat(verify().problems()).isEmpty();

        owner.sql("delete from audit_chain where body like '%cancel%'").update();

        assertThat(verify().problems()).isNotEmpty();
    }

    /** Somebody who removes rows and claims that they were too old. */
    @Test
    void aClaimThatMoreWasRemovedIsSeen() throws Exception {
        owner.sql("delete from audit_chain where body like '%cancel%'").update();
        owner.sql("delete from audit where action = 'cancel'").update();
        assertThat(verify().problems()).isNotEmpty();
        owner.sql("insert into audit_pruned (size, who) values (2, 'drover_owner')")
                .update();

        AuditVerifier.Report report = verify();
        assertThat(report.since()).as("it says what is not there").isEqualTo(2);
        assertThat(report.pruned()).as("and no chain says that it was removed").isEmpty();
    }

    @Test
    void goesOnWhereItWasCutOff() throws Exception {
        owner.sql("insert into audit_pruned (size) values (1)").update();

        assertThat(pruning.olderThan(KEEP).rows()).isEqualTo(2);
        assertThat(owner.sql("select count(finished_at) from audit_pruned")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void removesNothingOfALogThatWasChanged() {
        owner.sql("delete from audit_chain where seq = 2 and body like '%release%'")
                .update();

        assertThatThrownBy(() -> pruning.olderThan(KEEP))
                .hasMessageContaining("is not under a checkpoint as a whole")
                .hasMessageContaining("nothing is removed");
        assertThat(count("audit")).isEqualTo(3);
    }

    @Test
    void theRoleOfTheProcessesMayNot() {
        assertThatThrownBy(() -> new AuditPruning(dataSource).olderThan(KEEP))
                .rootCause()
                .hasMessageContaining("permission denied");
        assertThat(count("audit_chain")).isEqualTo(3);
    }
}
