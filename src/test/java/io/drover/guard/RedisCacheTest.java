package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.Needed;
import io.drover.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The cache in a real Redis, which also goes away. */
@Needs(Needed.REDIS)
class RedisCacheTest extends CacheTestBase {

    private static final int PORT = freePort();
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

    @Test
    void isSharedThroughRedisAndExpiresThere() {
        SERVER.next("/quote", FaultyServer.json("{\"price\":1}"));

        output(quote("shared"));

        assertThat(template.keys("drover:cache:quote:*"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(template.getExpire(key)).isLessThanOrEqualTo(2));
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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }
}
