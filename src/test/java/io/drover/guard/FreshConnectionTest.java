package io.drover.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.drover.FaultyServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.Test;

/** A connection of an HTTP client holds little memory, and reads long heads and long bodies all the same. */
class FreshConnectionTest {

    private static final int CONNECTIONS = 1_000;

    @Test
    void tenThousandConnectionsFitIntoASmallHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FreshConnection[] held = new FreshConnection[CONNECTIONS];
        held[0] = new FreshConnection(); // loads the classes

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < held.length; i++) {
            held[i] = new FreshConnection();
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / held.length;

        assertThat(each * 10_000)
                .as("of a heap of 700 MiB, that of a pod of 1 GiB")
                .isLessThan(200L << 20);
    }

    @Test
    void headsAndBodiesMayBeLongerThanABuffer() throws IOException {
        String header = "h".repeat(60_000);
        String body = "b".repeat(3_000_000);
        try (FaultyServer server = new FaultyServer();
                CloseableHttpClient client = BoundedHttp.client(null).build()) {
            server.always("/", FaultyServer.status(200, "X-Long: " + header, body));
            for (int call = 0; call < 3; call++) {
                client.execute(new HttpGet(server.url() + "/"), answer -> {
                    assertThat(answer.getFirstHeader("X-Long").getValue()).isEqualTo(header);
                    assertThat(answer.getEntity().getContent().readAllBytes()).isEqualTo(body.getBytes(UTF_8));
                    return null;
                });
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }
}
