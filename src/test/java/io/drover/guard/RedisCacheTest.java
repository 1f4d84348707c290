package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.FreePort;
import io.drover.Needed;
import io.drover.Needs;
import io.drover.cache.ResultCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The cache in a real Redis, which also goes away. */
@Needs(Needed.REDIS)
class RedisCacheTest extends CacheTestBase {

    private static final int PORT = FreePort.next();
    private static Process redis;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) throws IOException {
        start();
        registry.add("spring.data.redis.host", () -> "127.0.0.1");
        registry.add("spring.data.redis.port", () -> PORT);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (redis != null) {
            redis.destroyForcibly().waitFor();
        }
    }

    @Autowired
    StringRedisTemplate template;

    @Autowired
    ResultCache cache;

    @Autowired
    JdbcClient jdbc;

    @Test
    void isSharedThroughRedisAndExpiresThere() {
        SERVER.next("/quote", FaultyServer.json("{\"price\":1}"));

        output(quote("shared"));

        assertThat(template.keys("drover:cache:quote:*"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(template.getExpire(key)).isLessThanOrEqualTo(2));
    }

    @Test
    void forgetsWhatIsErasedAndSaysWhenItCannot() throws Exception {
        SERVER.always("/quote", FaultyServer.json("{\"price\":1}"));
        output(quote("kept"));
        output(quote("erased"));
        List<String> keys = definitions()
                .map(tool -> ResultCache.key("quote", tool, "{\"x\":\"erased\"}"))
                .toList();
        assertThat(keys).anyMatch(key -> cache.get(key) != null);

        assertThat(cache.forget(keys)).isTrue();

        assertThat(keys).allMatch(key -> cache.get(key) == null);
        assertThat(definitions().map(tool -> cache.get(ResultCache.key("quote", tool, "{\"x\":\"kept\"}"))))
                .anyMatch(result -> result != null);
        stop();
        assertThat(cache.forget(keys)).isFalse();
        start();
        await().untilAsserted(() -> assertThat(cache.forget(keys)).isTrue());
    }

    private Stream<Long> definitions() {
        return jdbc.sql("select distinct definition from call where tool = 'quote'").query(Long.class).list().stream();
    }

    @Test
    void callsToolsWhileRedisIsAway() throws Exception {
        SERVER.always("/quote", FaultyServer.json("{\"price\":1}"));
        stop();

        output(quote("away"));
        output(quote("away"));
        assertThat(asked("away")).isEqualTo(2);

        start();
        await().untilAsserted(() -> {
            output(quote("away"));
            assertThat(template.keys("drover:cache:quote:*")).isNotEmpty();
        });
    }

    private static void start() throws IOException {
        redis = new ProcessBuilder(
                        "redis-server", "--bind", "127.0.0.1", "--port", Integer.toString(PORT), "--save", "")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        await().ignoreExceptions().untilAsserted(() -> new Socket(InetAddress.getLoopbackAddress(), PORT).close());
    }
}
