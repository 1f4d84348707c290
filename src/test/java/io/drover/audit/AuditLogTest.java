package io.drover.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The log as the database writes it, sealed and exported, and what is found after somebody was at it. */
class AuditLogTest extends AuditedDatabase {

    /** And every session, because one that is there goes on with a chain that is not. */
    private void forgetAll() {
        owner.sql("truncate audit, audit_chain, audit_leaf, audit_checkpoint restart identity")
                .update();
        dataSource.getHikariPoolMXBean().softEvictConnections();
    }

    @Test
    void bindsWhatPeopleDecidedUnderSignedCheckpoints() throws Exception {
        String first = sealedTwice();
        decide("ann", "release");

        AuditVerifier.Report report = verify(first);

        assertThat(report.problems()).isEmpty();
        assertThat(report.unsealed()).isEqualTo(1);
        assertThat(report.checkpoints()).isEqualTo(2);
        assertThat(report.rows()).isEqualTo(6);
        assertThat(sealing.seal().made()).isNotNull();
        assertThat(sealing.seal().made()).as("nothing is new").isNull();
        assertThat(verify(first).unsealed()).isZero();
        assertThat(owner.sql("select string_agg(body, '') from audit_chain")
                        .query(String.class)
                        .single())
                .as("names are in no chain")
                .contains("\"hold\"")
                .doesNotContain("ann", "bob", "eve", "rich");
    }

    @Test
    void whatIsRolledBackLeavesNoGap() throws Exception {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        dataSource.setMaximumPoolSize(1);
        for (int i = 0; i < 20; i++) {
            boolean fails = i % 3 == 0;
            transaction.executeWithoutResult(status -> {
                decide("ann", "hold");
                decide("ann", "release");
                if (fails) {
                    status.setRollbackOnly();
                }
            });
        }
        seal();

        assertThat(verify().problems()).isEmpty();
        assertThat(verify().rows()).isEqualTo(26);
    }

    /** Sessions end in the middle of what they write, and others go on. */
    @Test
    void isWholeAfterSessionsWereKilled() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        try (ExecutorService writers = Executors.newFixedThreadPool(4)) {
            for (int w = 0; w < 4; w++) {
                writers.submit(() -> {
                    while (!enough.get()) {
                        try {
                            decide("ann", "hold");
                            written.incrementAndGet();
                        } catch (DataAccessException e) { // its session was killed
                            Thread.onSpinWait();
                        }
                    }
                });
            }
            try {
                while (written.get() < 300 || chains() <= 4) {
                    owner.sql(
                                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'drover_app' and datname = current_database() order by random() limit 1")
                            .query()
                            .listOfRows();
                    try {
                        sealing.seal();
                    } catch (NestedRuntimeException e) { // its session was killed
                        Thread.onSpinWait();
                    }
                }
            } finally {
                enough.set(true);
            }
        }
        await().ignoreExceptionsInstanceOf(NestedRuntimeException.class)
                .untilAsserted(() -> assertThat(sealing.seal().made()).isNull());

        AuditVerifier.Report report = verify();
        assertThat(report.problems()).isEmpty();
        assertThat(report.unsealed()).isZero();
        assertThat(owner.sql("select count(*) from audit").query(Long.class).single())
                .as("an answer that was lost may hide a decision that was made")
                .isGreaterThanOrEqualTo(written.get());
        assertThat(chains()).isGreaterThan(4);
    }

    private long chains() {
        return owner.sql("select count(distinct writer) from audit_chain")
                .query(Long.class)
                .single();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    update audit_chain set body = replace(body, 'cancel', 'redo') where body like '%cancel%' | row 3 was changed
                    update audit_chain set at = at + interval '1 second' where seq = 2                      | row 2 was changed
                    update audit_chain set seq = 9 where seq = 2                                            | rows 2 to 2 are missing
                    delete from audit_chain where seq = 2                                                   | rows 2 to 2 are missing
                    delete from audit_chain where seq = 1                                                   | rows 1 to 1 are missing
                    delete from audit_chain where seq = 5                                                   | cut off or removed: row 5
                    delete from audit_chain                                                                 | cut off or removed: row 5
                    delete from audit_leaf where index = 1                                                  | cut off: it has 1 leaves
                    delete from audit_leaf where index = 0                                                  | leaf 0 of the tree is missing
                    update audit_leaf set seq = 4 where index = 1                                           | was rewritten
                    delete from audit_checkpoint where size = 2                                             | under no checkpoint
                    delete from audit where id = 3                                                          | decision 3 was removed
                    update audit set who = 'eve' where id = 1                                               | decision 1 was changed
                    update audit set detail = '{}' where id = 2                                             | decision 2 was changed
                    update audit set action = 'redo' where id = 2                                           | decision 2 was changed
                    update audit set task_id = null where id = 2                                            | decision 2 was changed
                    update audit set salt = null where id = 2                                               | decision 2 was changed
                    """)
    void findsWhatWasDoneToIt(String attack, String finding) throws Exception {
        dataSource.setMaximumPoolSize(1);
        sealedTwice();
        assertThat(verify().problems()).isEmpty();

        owner.sql(attack).update();

        assertThat(verify().problems()).anyMatch(problem -> problem.contains(finding));
    }

    @Test
    void findsADecisionThatNobodyMade() throws Exception {
        sealedTwice();
        owner.sql("alter table audit disable trigger all").update();
        owner.sql("insert into audit (who, action) values ('eve', 'hold')").update();

        assertThat(verify().problems()).singleElement().asString().contains("decision 6 was added");
    }

    /** The owner of the database writes all of it again, and has no key. */
    @Test
    void findsALogThatWasWrittenAgain() throws Exception {
        String old = sealedTwice();
        forgetAll();
        decide("mallory", "hold");
        decide("mallory", "cancel");
        Sealing forger = sealing(directory.resolve("forged.pem"));
        forger.seal();

        assertThat(verify().problems()).singleElement().asString().contains("is not signed by drover");
        assertThat(verify(old).problems()).anyMatch(problem -> problem.contains("was rewritten"));
        key = null;
        assertThat(verify().problems()).as("without a key anything goes").isEmpty();
        assertThat(verify(old).problems())
                .as("but an old checkpoint is enough")
                .anyMatch(problem -> problem.contains("was rewritten"));
    }

    /** And whoever cut it off goes on with it. */
    @Test
    void findsALogThatWasCutOff() throws Exception {
        sealedTwice();
        decide("ann", "cancel");
        String newest = seal();
        owner.sql("delete from audit_checkpoint where size > 1").update();
        owner.sql("delete from audit_leaf where index > 0").update();
        owner.sql(
                        "delete from audit_chain where (writer, seq) not in (select writer, generate_series(1, seq) from audit_leaf)")
                .update();
        owner.sql("delete from audit where id > 3").update();

        assertThat(verify().problems()).as("it is a log as it was").isEmpty();
        assertThat(verify(newest).problems())
                .singleElement()
                .asString()
                .contains("the log was cut off: it has 1 leaves");
        assertThatThrownBy(sealing::seal).hasMessageContaining("the audit log was cut off");
    }

    @Test
    void findsACheckpointThatWasForged() throws Exception {
        String first = sealedTwice();
        SignedNote note = SignedNote.parse(first);
        Checkpoint forged = new Checkpoint("drover", 1, new byte[32]);
        String other = new SignedNote(forged.text(), note.signatures()).render();

        assertThat(verify(other).problems())
                .anyMatch(
                        problem -> problem.contains("the checkpoint that was given of size 1 is not signed by drover"))
                .anyMatch(problem -> problem.contains("the log was forked"));
        owner.sql("update audit_checkpoint set note = ? where size = 2")
                .param(other)
                .update();
        assertThat(verify().problems()).isNotEmpty();
        decide("ann", "hold");
        assertThatThrownBy(sealing::seal).hasMessageContaining("nothing more is signed");
    }

    /** Two logs, each signed by the key: the one that was shown to somebody, and the one that is there. */
    @Test
    void findsAFork() throws Exception {
        decide("ann", "hold");
        String shown = seal();
        forgetAll();
        decide("ann", "release");
        sealing = sealing(directory.resolve("key.pem"));
        seal();

        assertThat(verify().problems()).isEmpty();
        assertThat(verify(shown).problems()).anyMatch(problem -> problem.contains("the log was forked"));
    }

    @Test
    void anExportThatWasCutOffIsNone() throws Exception {
        sealedTwice();
        String export = export();

        assertThat(read(export.substring(0, export.length() - 40)).problems())
                .anyMatch(problem -> problem.contains("has no end"));
        assertThat(read(export.replace("\"row\"", "\"raw\"")).problems())
                .anyMatch(problem -> problem.contains("not as Drover writes it"));
        assertThat(read("").problems()).singleElement().asString().contains("has no end");
    }

    @Test
    void aPersonIsErasedAndTheProofHolds() throws Exception {
        String old = sealedTwice();

        int erased = app.sql("select audit_erase('ann')").query(Integer.class).single();
        seal();

        assertThat(erased).isEqualTo(2);
        assertThat(verify(old).problems()).isEmpty();
        assertThat(export()).doesNotContain("ann").contains("bob");
        owner.sql("update audit set who = 'eve' where who = 'erased'").update();
        owner.sql("update audit set who = 'erased', detail = null, salt = null where who = 'bob'")
                .update();
        assertThat(verify(old).problems())
                .as("erased without the function")
                .hasSize(2)
                .allMatch(problem -> problem.contains("was changed"));
    }

    /** Details may be taken away only from what is about a task that is erased. */
    @Test
    void onlyErasedTasksLoseTheDetailsOfDecisions() throws Exception {
        String old = sealedTwice();
        UUID[] tasks =
                owner.sql("select task_id from audit").query(UUID.class).list().toArray(UUID[]::new);
        owner.sql(
                        """
                        insert into task (id, workflow, status, input, output, finished_at, erased_at)
                        select x.id, 'w', case n when 3 then 'COMPLETED' else 'CANCELLED' end, 'null',
                               case n when 3 then 'null'::json end, now(), case when n in (1, 2) then now() end
                          from unnest(?::uuid[]) with ordinality as x(id, n)
                        """)
                .param(tasks)
                .update();

        int erased = app.sql("select audit_erase_tasks(?, 'ann')")
                .param(tasks)
                .query(Integer.class)
                .single();

        assertThat(erased)
                .as("bob's of the second; ann's own is erased by her name")
                .isEqualTo(1);
        assertThat(owner.sql("select id from audit where detail is null")
                        .query(Long.class)
                        .list())
                .containsExactly(2L);
        assertThat(verify(old).problems()).isEmpty();
        assertThat(export()).contains("bob");
    }

    @Test
    void whoeverIsNamedIsErasedSomeAtATime() throws Exception {
        decide("ann", "hold");
        decide("anna", "hold");
        for (String detail : List.of(
                "{\"who\": \"ann\"}",
                "{\"givenBy\": \"ann\"}",
                "{\"kind\": \"USER\", \"name\": \"ann\"}",
                "{\"replaces\": \"again by ann at 2026-01-01\"}",
                "{\"kind\": \"TOOL\", \"name\": \"ann\"}",
                "{\"who\": \"anna\"}",
                "[\"who\"]",
                "7")) {
            app.sql("insert into audit (who, action, detail) values ('bob', 'x', ?::json)")
                    .param(detail)
                    .update();
        }
        assertThat(app.sql("select audit_erase('erased', 3)")
                        .query(Integer.class)
                        .single())
                .isZero();

        assertThat(app.sql("select audit_erase('ann', 3)").query(Integer.class).single())
                .isEqualTo(3);
        assertThat(app.sql("select audit_erase('ann', 3)").query(Integer.class).single())
                .isEqualTo(2);
        assertThat(app.sql("select audit_erase('ann', 3)").query(Integer.class).single())
                .isZero();

        assertThat(owner.sql("select who from audit where detail is null order by id")
                        .query(String.class)
                        .list())
                .containsExactly("erased", "bob", "bob", "bob", "bob");
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void aChainThatWasChangedGetsNoCheckpoint() throws Exception {
        dataSource.setMaximumPoolSize(1);
        sealedTwice();
        decide("ann", "cancel");
        decide("ann", "cancel");
        owner.sql("update audit_chain set body = replace(body, 'cancel', 'redo') where seq = 6")
                .update();

        Sealing.Outcome outcome = sealing.seal();

        assertThat(outcome.made()).isNull();
        assertThat(outcome.state().broken()).isEqualTo(1);
        assertThat(outcome.state().unsealed()).isPositive();
    }

    @Test
    void oneProcessLeads() throws Exception {
        decide("ann", "hold");
        List<Sealing.Outcome> outcomes = new ArrayList<>();
        new TransactionTemplate(new DataSourceTransactionManager(dataSource)).executeWithoutResult(status -> {
            assertThat(new AuditLog(dataSource).lead()).isTrue();
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                outcomes.add(other.submit(() -> sealing.seal()).get());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(outcomes.getFirst().made()).isNull();
        assertThat(sealing.seal().made()).isNotNull();
    }

    @Test
    void withoutAKeyCheckpointsAreRootsThatNobodySigned() throws Exception {
        sealing = sealing(null);
        decide("ann", "hold");
        String note = seal();

        assertThat(note).startsWith("drover\n1\n").endsWith("=\n\n");
        assertThat(verify().problems()).singleElement().asString().contains("is not signed by drover");
        key = null;
        assertThat(verify(note).problems()).isEmpty();
    }

    /** As the pods that have the Secret with the key, and those that have not. */
    @Test
    void whoHasNoKeyLeavesALogThatIsSignedAlone() throws Exception {
        Sealing without = sealing(null);
        decide("ann", "hold");
        assertThat(without.seal().made()).as("nobody has signed yet").isNotNull();
        decide("ann", "release");
        seal();
        decide("ann", "cancel");

        Sealing.Outcome outcome = without.seal();

        assertThat(outcome.made()).isNull();
        assertThat(outcome.state().unsealed()).isPositive();
        assertThat(sealing.seal().made()).isNotNull();
        assertThat(verify().problems())
                .as("the first one is under a signature, too")
                .isEmpty();
        owner.sql(
                        "update audit_checkpoint set note = (select note from audit_checkpoint where size = 1) where size = 3")
                .update();
        assertThat(verify().problems()).isNotEmpty();
    }

    @Test
    void aKeyIsExchanged() throws Exception {
        decide("ann", "hold");
        String old = seal();
        String first = key;
        sealing = sealing(directory.resolve("next.pem"));
        decide("ann", "release");
        String next = seal();

        assertThat(new AuditVerifier(List.of(first, sealing.verifier()), List.of(old, next))
                        .verify(new BufferedReader(new StringReader(export())))
                        .problems())
                .isEmpty();
        assertThat(verify().problems()).singleElement().asString().contains("of size 2 is not signed by drover");
        key = sealing.verifier();
        assertThat(verify().problems()).singleElement().asString().contains("of size 1 is not signed by drover");
    }

    /** Whoever empties the tables has not reached the sessions that are there. */
    @Test
    void findsThatALiveSessionGoesOnWithWhatIsGone() throws Exception {
        dataSource.setMaximumPoolSize(1);
        sealedTwice();
        owner.sql("truncate audit, audit_chain, audit_leaf, audit_checkpoint restart identity")
                .update();
        decide("mallory", "hold");

        assertThat(verify().problems()).anyMatch(problem -> problem.contains("rows 1 to 5 are missing"));
    }

    /** A row of a statement that wrote more than one text can hold. */
    @Test
    void aLargeStatementIsSeveralRows() throws Exception {
        dataSource.setMaximumPoolSize(1);
        app.sql("insert into audit (who, action) select 'ann', 'hold' from generate_series(1, 2500)")
                .update();
        seal();

        assertThat(verify().rows()).isEqualTo(3);
        assertThat(verify().problems()).isEmpty();
    }
}
