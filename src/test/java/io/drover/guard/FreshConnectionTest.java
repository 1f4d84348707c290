package io.drover.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.drover.FaultyServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                CloseableHttpClient client = BoundedHttp.client(null, null).build()) {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                    | 1500",
                "timeout=5, max=100  | 4000",
                "max=7,TimeOut=\"3\"  | 2000",
                "timeout=1           | 1",
                "timeout=0           | 1",
                "timeout=999999999   | 30000",
                "max=100             | 1500",
                "timeout=-1          | 1500",
                "timeout=soon        | 1500",
                "xtimeout=9          | 1500"
            })
    void isKeptForLessTimeThanTheServerKeepsIt(String said, long millis) {
        BasicClassicHttpResponse answer = new BasicClassicHttpResponse(200);
        if (said != null) {
            answer.setHeader("Keep-Alive", said);
        }

        assertThat(FreshConnections.keepAlive()
                        .getKeepAliveDuration(answer, HttpClientContext.create())
                        .toMilliseconds())
                .isEqualTo(millis);
    }

    /** What is kept for no time was once kept for ever, and used when the server was about to close it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isNotUsedAgainWhereTheServerKeepsItForNoTime(int seconds) throws Exception {
        try (FaultyServer server = new FaultyServer();
                CloseableHttpClient client = BoundedHttp.client(null, null).build()) {
            server.always("/", FaultyServer.status(200, "Keep-Alive: timeout=" + seconds, "{}"));
            for (int call = 0; call < 2; call++) {
                client.execute(new HttpGet(server.url() + "/"), answer -> {
                    EntityUtils.consume(answer.getEntity());
                    return null;
                });
                Thread.sleep(20); // longer than it is kept
            }
            assertThat(server.connections()).isEqualTo(2);
        }
    }
}
