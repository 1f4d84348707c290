package io.drover.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import io.drover.encryption.Seals;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/** With pgvector a search finds what an exact search finds. */
class PgvectorTest {

    private static final List<String> FACTS = List.of(
            "Prefers refunds as store credit, not to the card.",
            "The customer is allergic to nuts.",
            "Speaks only German; answer in German.",
            "Had a broken screen replaced in March.",
            "Has a dog called Rex.",
            "Has a cat called Tom.",
            "Works night shifts; call only after 3 pm.");

    @Test
    void findsTheSameWithPgvectorAndWithout() throws Exception {
        try (PgvectorServer server = PgvectorServer.start();
                HikariDataSource with = dataSource(server.jdbcUrl());
                HikariDataSource without = dataSource(TestDatabase.create())) {
            JdbcClient.create(with).sql("create extension vector").update();
            Embedder embedder = new Embedder();
            Memory pgvector = memory(with, embedder);
            Memory exact = memory(without, embedder);
            for (String fact : FACTS) {
                pgvector.remember("ada", fact, UUID.randomUUID());
                exact.remember("ada", fact, UUID.randomUUID());
            }
            pgvector.remember("bo", "Has a parrot called Polly.", UUID.randomUUID());

            for (String question : List.of("What pets does he own?", "How should I pay the money back?", "Guten Tag")) {
                List<RecalledFact> found = pgvector.recall("ada", question);
                List<RecalledFact> expected = exact.recall("ada", question);
                assertThat(found)
                        .extracting(RecalledFact::fact)
                        .containsExactlyElementsOf(
                                expected.stream().map(RecalledFact::fact).toList());
                assertThat(found)
                        .extracting(fact -> fact.toValue().get("score"))
                        .containsExactlyElementsOf(expected.stream()
                                .map(fact -> fact.toValue().get("score"))
                                .toList());
            }
            assertThat(pgvector.recall("ada", "What pets does he own?"))
                    .extracting(RecalledFact::fact)
                    .contains("Has a dog called Rex.", "Has a cat called Tom.")
                    .doesNotContain("Has a parrot called Polly.");
            assertThat(statements(with)).contains("<=>");
            assertThat(statements(without)).doesNotContain("<=>");
            embedder.destroy();
        }
    }

    /** What ran on the connection, as the server knows it. */
    private static String statements(DataSource database) {
        return String.join(
                "\n",
                JdbcClient.create(database)
                        .sql("select statement from pg_prepared_statements")
                        .query(String.class)
                        .list());
    }

    private static HikariDataSource dataSource(String url) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(url);
        dataSource.setMaximumPoolSize(1);
        return dataSource;
    }

    private static Memory memory(DataSource database, Embedder embedder) {
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/migration/V3__memory.sql"),
                        new ClassPathResource("db/migration/V43_1__sealed_memory.sql"))
                .execute(database);
        return new Memory(
                new MemoryProperties(Duration.ofDays(365), 1000, 5, 0.2),
                embedder,
                Seals.NONE,
                JdbcClient.create(database),
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                Clock.systemUTC());
    }
}
