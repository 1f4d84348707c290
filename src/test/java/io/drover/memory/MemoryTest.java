package io.drover.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.MovingClock;
import io.drover.TestDatabase;
import io.drover.encryption.Seals;
import io.drover.who.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Facts on a real PostgreSQL and the real embedding model. */
class MemoryTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID TASK = UUID.randomUUID();
    private static final HikariDataSource DATA_SOURCE = new HikariDataSource();
    private static final Embedder EMBEDDER = new Embedder();
    private static JdbcClient jdbc;

    private final MovingClock clock = new MovingClock(START);
    private final String key = UUID.randomUUID() + "@mail.example";
    private final Memory memory = memory(1000);

    @BeforeAll
    static void migrate() {
        DATA_SOURCE.setJdbcUrl(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(DATA_SOURCE.getJdbcUrl());
    }

    @BeforeEach
    void startEmpty() {
        jdbc.sql("truncate memory, audit").update();
    }

    @AfterAll
    static void close() {
        EMBEDDER.destroy();
        DATA_SOURCE.close();
    }

    /** The scores that docs/memory.md names stand on these. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Prefers refunds as store credit, not to the card. | How should I pay the money back?
                    Prefers refunds as store credit, not to the card. | T-1, ada@mail.example, refund, Money back, O-1234, 20
                    The customer is vegetarian.                       | What can she eat for dinner?
                    The customer is allergic to nuts.                 | Does this product contain almonds?
                    Speaks only German; answer in German.             | In what language do I write the reply?
                    Had a broken screen replaced in March.            | The display of my phone is cracked again
                    Has a dog called Rex.                             | What pet does he own?
                    Deliver parcels to the neighbour at number 12.    | My package was not delivered, nobody was home
                    Works night shifts; call only after 3 pm.         | When is a good time to phone him?
                    """)
    void recallsByMeaningAndNothingElse(String fact, String question) throws Exception {
        memory.remember(key, fact, TASK);
        memory.remember(key, "The invoice goes to the accounting department in Lyon.", TASK);

        List<RecalledFact> recalled = memory.recall(key, question);

        assertThat(recalled).isNotEmpty();
        assertThat(recalled.get(0).fact()).isEqualTo(fact);
        assertThat(recalled.get(0).score()).isBetween(0.2, 1.0);
        assertThat(memory.recall(key, "The weather is nice in the mountains today"))
                .isEmpty();
    }

    @Test
    void keepsKeysApart() throws Exception {
        memory.remember(key, "Has a dog called Rex.", TASK);
        memory.remember(key + "x", "Has a cat called Tom.", TASK);

        assertThat(memory.recall(key, "pets")).extracting(RecalledFact::fact).containsExactly("Has a dog called Rex.");
        assertThat(memory.forget(key)).isOne();
        assertThat(memory.recall(key, "pets")).isEmpty();
        assertThat(memory.facts(key + "x")).hasSize(1);
    }

    @Test
    void keepsAFactOnceAndCountsItAsNewAgain() throws Exception {
        memory.remember(key, "Has a dog called Rex.", TASK);
        clock.set(START.plus(Duration.ofDays(3)));
        UUID later = UUID.randomUUID();
        memory.remember(key, "  Has a dog called Rex.\n", later);

        assertThat(memory.facts(key)).containsExactly(new Fact("Has a dog called Rex.", clock.instant(), later));
    }

    @Test
    void recallsTheNearestFirstAndNoMoreThanItMay() throws Exception {
        for (int i = 0; i < 8; i++) {
            memory.remember(key, "He has had a dog for %d years.".formatted(i), TASK);
        }
        memory.remember(key, "He owns a dog.", TASK);

        List<RecalledFact> recalled = memory.recall(key, "He owns a dog.");

        assertThat(recalled).hasSize(5);
        assertThat(recalled.get(0).fact()).isEqualTo("He owns a dog.");
        assertThat(recalled.get(0).toValue()).containsEntry("score", java.math.BigDecimal.ONE);
        assertThat(recalled).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    }

    @Test
    void dropsTheOldestWhenThereAreTooMany() throws Exception {
        Memory small = memory(3);
        for (int i = 1; i <= 5; i++) {
            clock.set(START.plusSeconds(i));
            small.remember(key, "Order number %d was late.".formatted(i), TASK);
        }

        assertThat(small.facts(key))
                .extracting(Fact::fact)
                .containsExactly("Order number 5 was late.", "Order number 4 was late.", "Order number 3 was late.");
    }

    @Test
    void deletesWhatNobodyHasRememberedAgainForLong() throws Exception {
        for (int i = 0; i < 5; i++) {
            memory.remember(key, "Order number %d was late.".formatted(i), TASK);
        }
        clock.set(START.plus(Duration.ofDays(300)));
        memory.remember(key, "Order number 3 was late.", TASK);
        Retention retention = new Retention(properties(1000), JdbcClient.create(DATA_SOURCE), clock, "all");
        clock.set(START.plus(Duration.ofDays(365)));
        assertThat(retention.deleteOld(2))
                .as("a year to the second is not too old")
                .isZero();

        clock.advance(Duration.ofSeconds(1));

        assertThat(retention.deleteOld(2)).as("in three batches").isEqualTo(4);
        assertThat(memory.facts(key)).extracting(Fact::fact).containsExactly("Order number 3 was late.");
        retention.stop();
    }

    @Test
    void forgettingIsAuditedWithoutTheKey() throws Exception {
        memory.remember(key, "Has a dog called Rex.", TASK);

        memory.forget(key, Actor.person("ada"));
        memory.forget(key, Actor.person("ada"));

        assertThat(memory.facts(key)).isEmpty();
        assertThat(jdbc.sql("select detail::text from audit where action = 'forget' and who = 'ada' order by id")
                        .query(String.class)
                        .list())
                .hasSize(2)
                .allMatch(detail -> !detail.contains(key))
                .first()
                .asString()
                .contains("\"facts\":1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', blank",
        "' \n\t', blank",
        "'a\0b', U+0000",
        "'a\uD800b', unpaired surrogate",
        "'\u200B\u202E\uFEFF', no words"
    })
    void refusesWhatIsNoFact(String fact, String problem) {
        assertThatExceptionOfType(UnusableTextException.class)
                .isThrownBy(() -> memory.remember(key, fact, TASK))
                .withMessageContaining(problem);
        assertThat(memory.facts(key)).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        String longest = "\uD83D\uDC15".repeat(2000);
        memory.remember(key, longest, TASK);
        assertThat(memory.facts(key)).extracting(Fact::fact).containsExactly(longest);

        assertThatExceptionOfType(UnusableTextException.class)
                .isThrownBy(() -> memory.remember(key, longest + "x", TASK))
                .withMessageContaining("2001", "at most 2000");
        assertThatExceptionOfType(UnusableTextException.class)
                .isThrownBy(() -> memory.recall("k".repeat(501), "x"))
                .withMessageContaining("501", "at most 500");
        memory.remember("\uD83D\uDC15".repeat(500), "The longest key is indexed.", TASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\uD800", "'; drop table memory; --", "{}", "\u202Eevil", "🐕🐕🐕", "犬を飼っていますか"})
    void searchesForAnything(String query) throws Exception {
        memory.remember(key, "Has a dog called Rex.", TASK);

        assertThat(memory.recall(key, query)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void readsOnlyTheBeginningOfALongQuery() throws Exception {
        memory.remember(key, "Has a dog called Rex.", TASK);
        long began = System.nanoTime();

        assertThat(memory.recall(key, "Has a dog called Rex. ".repeat(91) + "x ".repeat(5_000_000)))
                .hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void servesManyVirtualThreadsAtOnce() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                String own = "customer " + i % 20;
                String fact = "Order number %d was late.".formatted(i);
                all.add(executor.submit(() -> {
                    memory.remember(own, fact, TASK);
                    assertThat(memory.recall(own, fact))
                            .extracting(RecalledFact::fact)
                            .contains(fact);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(2, TimeUnit.MINUTES);
            }
        }
        assertThat(memory.facts("customer 7")).hasSize(10);
    }

    private Memory memory(int maxFacts) {
        return new Memory(
                properties(maxFacts),
                EMBEDDER,
                Seals.NONE,
                JdbcClient.create(DATA_SOURCE),
                new TransactionTemplate(new DataSourceTransactionManager(DATA_SOURCE)),
                clock);
    }

    private static MemoryProperties properties(int maxFacts) {
        return new MemoryProperties(Duration.ofDays(365), maxFacts, 5, 0.2);
    }
}
