package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiTestBase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** As the component {@code console} sets it: the proxy says whose request it is, and nobody else. */
@TestPropertySource(
        properties = {
            "server.forward-headers-strategy=native",
            "server.tomcat.remoteip.internal-proxies=127\\.0\\.0\\.10"
        })
class BehindAProxyTest extends ApiTestBase {

    private String last(String from) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 35; i++) {
            String login = BeforeLoginTest.login("nobody" + i, "guess") + "\r\nX-Forwarded-For: 198.51.100." + i;
            answers.add(BeforeLoginTest.request(port(), from, login)
                    .lines()
                    .findFirst()
                    .orElse(""));
        }
        return answers.getLast();
    }

    @Test
    void theProxyNamesTheClient() throws IOException {
        assertThat(last("127.0.0.10")).startsWith("HTTP/1.1 401");
    }

    /** Such as another pod of the namespace. */
    @Test
    void nobodyElseNamesAClient() throws IOException {
        assertThat(last("127.0.0.11")).startsWith("HTTP/1.1 429");
    }
}
