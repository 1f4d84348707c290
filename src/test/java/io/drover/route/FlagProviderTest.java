package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.TypeMismatchError;
import io.drover.TestDatabase;
import io.drover.journal.QueueState;
import io.drover.journal.TaskStatus;
import io.drover.task.Submit;
import io.drover.task.TaskService;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A process whose flags come from a bean of the user's own: one that knows the types of its flags, fails, and hangs. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "drover.routes.poll=200ms",
            "camel.main.name=provided",
            "drover.flags.provider=bean",
            "drover.flags.timeout=500ms"
        })
@Import(FlagProviderTest.Own.class)
class FlagProviderTest {

    private static final RouteDirectoryFixture FILES = RouteDirectoryFixture.create();
    private static final CountDownLatch HANGS = new CountDownLatch(1);

    private static volatile boolean fails;

    @TestConfiguration
    static class Own {
        @Bean
        FeatureProvider ownFlags() {
            return new Typed();
        }
    }

    /** Each flag has one type, and any other question is a mistake. */
    private static final class Typed implements FeatureProvider {

        @Override
        public Metadata getMetadata() {
            return () -> "typed";
        }

        private static <T> ProviderEvaluation<T> answer(Class<T> type, String flag, EvaluationContext context) {
            if (fails) {
                throw new IllegalStateException("the server of flags is away");
            }
            Object value =
                    switch (flag) {
                        case "truth" -> true;
                        case "text" ->
                            "for " + context.getTargetingKey() + " in "
                                    + context.getValue("country").asString();
                        case "number" -> 2.5;
                        case "object" ->
                            new Value(new ImmutableStructure(Map.of("list", new Value(List.of(new Value(1))))));
                        case "hangs" -> hang();
                        default -> null;
                    };
            if (value != null && !type.isInstance(value)) {
                throw new TypeMismatchError("it is a " + value.getClass());
            }
            return ProviderEvaluation.<T>builder()
                    .value(type.cast(value))
                    .variant("of " + flag)
                    .reason("SPLIT")
                    .build();
        }

        private static String hang() {
            while (HANGS.getCount() > 0) {
                try {
                    HANGS.await();
                } catch (InterruptedException e) {
                    // so do clients that wait for a server
                }
            }
            return "late";
        }

        @Override
        public ProviderEvaluation<Boolean> getBooleanEvaluation(String flag, Boolean other, EvaluationContext context) {
            return answer(Boolean.class, flag, context);
        }

        @Override
        public ProviderEvaluation<String> getStringEvaluation(String flag, String other, EvaluationContext context) {
            return answer(String.class, flag, context);
        }

        @Override
        public ProviderEvaluation<Integer> getIntegerEvaluation(String flag, Integer other, EvaluationContext context) {
            return answer(Integer.class, flag, context);
        }

        @Override
        public ProviderEvaluation<Double> getDoubleEvaluation(String flag, Double other, EvaluationContext context) {
            return answer(Double.class, flag, context);
        }

        @Override
        public ProviderEvaluation<Value> getObjectEvaluation(String flag, Value other, EvaluationContext context) {
            return answer(Value.class, flag, context);
        }
    }

    @DynamicPropertySource
    static void places(DynamicPropertyRegistry registry) throws IOException {
        TestDatabase.ofTwoRoles(registry);
        registry.add("drover.routes.directory", () -> FILES.directory().toString());
        Files.writeString(FILES.directory().resolve("flags.yaml"), "flags: broken, and nobody reads it");
        for (String flag : List.of("truth", "text", "number", "object", "hangs", "none")) {
            for (String other : List.of("", ":default")) {
                String flow = flag + other.replace(':', '-');
                FILES.write(
                        flow,
                        "- route: { id: %1$s, from: { uri: 'task:%1$s', parameters: { maxAttempts: 50, backoff: 10ms }, steps: [ { setBody: { simple: { expression: 'is ${flag:%2$s}' } } } ] } }"
                                .formatted(flow, flag + other));
            }
        }
    }

    @BeforeEach
    void works() {
        fails = false;
    }

    @Autowired
    RouteFiles routes;

    @Autowired
    TaskService tasks;

    @Autowired
    QueueState queue;

    @Autowired
    JdbcClient jdbc;

    private UUID start(String workflow) {
        return tasks.submit(new Submit(
                        workflow, "key-" + workflow + fails, "{\"country\":\"CH\"}", null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    private String output(UUID task) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            jdbc.sql("update task set run_at = now() where id = ? and wait_reason = 'RETRY'")
                    .param(task)
                    .update();
            return queue.progress(task).status() == TaskStatus.COMPLETED;
        });
        return queue.progress(task).output();
    }

    private String recorded(UUID task) {
        return jdbc.sql("select result from call where task_id = ? and tool like 'flag:%'")
                .param(task)
                .query(String.class)
                .single();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    truth  | is true
                    text   | is for key-textfalse in CH
                    number | is 2.5
                    object | is {list=[1]}
                    """)
    void theBeanIsAskedInPlaceOfTheFile(String flag, String value) {
        UUID task = start(flag);

        assertThat(output(task)).contains(value);
        assertThat(recorded(task)).contains("\"variant\":\"of " + flag + "\"").contains("\"reason\":\"SPLIT\"");
        assertThat(routes.problems()).isEmpty();
        assertThat(routes.warnings()).isEmpty();
    }

    @Test
    void aFlagThatItDoesNotKnowIsTheDefaultOfTheExpression() {
        assertThat(output(start("none-default"))).contains("is default");
    }

    @Test
    void whereItFailsTheDefaultCountsOrTheTaskIsTriedAgain() {
        fails = true;
        UUID task = start("truth");
        await().untilAsserted(() -> assertThat(queue.progress(task).error())
                .contains("flag 'truth' has no value: the server of flags is away"));
        UUID other = start("truth-default");
        assertThat(output(other)).contains("is default");
        assertThat(recorded(other)).contains("the server of flags is away");

        fails = false;

        assertThat(output(task)).contains("is true");
    }

    /** However many ask a provider that hangs. */
    @Test
    void whoHangsHoldsNoTaskUpForLong() {
        List<UUID> asked = IntStream.range(0, 300)
                .mapToObj(i -> tasks.submit(new Submit("hangs-default", null, "{}", null, Duration.ZERO, "test"))
                        .join()
                        .id())
                .toList();

        try {
            asked.forEach(task -> assertThat(output(task)).contains("is default"));
            assertThat(recorded(asked.getFirst())).contains("has not answered");
        } finally {
            HANGS.countDown();
        }
    }
}
