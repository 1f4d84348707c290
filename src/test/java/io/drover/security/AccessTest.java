package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.api.ApiClient;
import io.drover.api.ApiClient.Answer;
import io.drover.api.ApiTestBase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closed by default. */
class AccessTest extends ApiTestBase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks",
                "/api/tools",
                "/api/workflows",
                "/api/openapi",
                "/metrics",
                "/health",
                "/hooks/anything",
                "/",
                "/error",
                "/actuator",
                "/nothing",
                "/health/live/x",
                "/health/readyx",
                "/API/tasks",
                "/console/tasks",
                "/console/dead",
                "/console/assets/console.css",
                "/api/dead",
                "/api/dead/retry",
                "/api/workers",
                "/api/queue",
                "/api/tools/errors",
                "/v3/api-docs"
            })
    void showsNothingToNobody(String path) {
        Answer answer = nobody().get(path);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Basic");
    }

    @Test
    void refusesWrongPasswordsAndUnknownUsers() {
        assertThat(new ApiClient(port(), "ada", "wrong").get("/api/tasks").status())
                .isEqualTo(401);
        assertThat(new ApiClient(port(), "nobody", "secret").get("/api/tasks").status())
                .isEqualTo(401);
        assertThat(new ApiClient(port(), "ada", "").get("/api/tasks").status()).isEqualTo(401);
        assertThat(nobody().get("/api/tasks", "Authorization", "Basic %%%").status())
                .isEqualTo(401);
        assertThat(nobody().get("/health/live", "Authorization", "Basic %%%").status())
                .isBetween(200, 401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/greet",
                "/api/tasks/019ab2f4-7c1e-7000-8000-0123456789ab/cancel",
                "/api/dead/retry",
                "/console/dead/retry",
                "/console/tasks/019ab2f4-7c1e-7000-8000-0123456789ab/cancel",
                "/hooks/anything",
                "/nothing"
            })
    void letsAViewerOnlyRead(String path) {
        Answer refused = viewer().post(path, "{}");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(viewer().get("/api/tasks").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, nonsense",
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://localhost",
        "Origin, http://[",
        "Origin, http://localhost.evil.example"
    })
    void refusesWhatAnotherSiteMakesABrowserSend(String header, String value) {
        for (String path : List.of(
                "/api/tasks/anything",
                "/api/dead/retry",
                "/console/dead/retry",
                "/hooks/anything",
                "/api/tasks/019ab2f4-7c1e-7000-8000-0123456789ab/cancel")) {
            Answer refused = operator().post(path, "{}", header, value);

            assertThat(refused.status()).as(path).isEqualTo(403);
            assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
            assertThat(refused.json().get("detail").asText()).contains("another site");
        }
        assertThat(operator().get("/api/tasks", header, value).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"cross-site, 403", "same-site, 403", "same-origin, 200", "none, 200"})
    void aHookThatTakesGetIsNoReading(String site, int status) {
        assertThat(viewer().get("/hooks/link").status()).isEqualTo(403);
        assertThat(operator().get("/hooks/link", "Sec-Fetch-Site", site).status())
                .isEqualTo(status);
    }

    @Test
    void aHookThatNamesNoMethodTakesNoLinks() {
        Answer link = operator().get("/hooks/open"); // over plain HTTP a browser does not say where a link was
        assertThat(link.status()).isEqualTo(405);
        assertThat(link.json().get("detail").asText()).contains("httpMethodRestrict");
        assertThat(viewer().get("/hooks/open").status()).isEqualTo(403);
        assertThat(operator().post("/hooks/open", "{}").status()).isEqualTo(200);
    }

    @Test
    void takesWhatItsOwnPagesAndProgramsSend() {
        String own = "http://localhost:" + port();

        assertThat(operator().post("/api/tasks/anything", "{}").status()).isEqualTo(202);
        assertThat(operator().post("/api/tasks/anything", "{}", "Origin", own).status())
                .isEqualTo(202);
        assertThat(operator()
                        .post("/api/tasks/anything", "{}", "Origin", own.replace("http:", "https:"))
                        .status())
                .isEqualTo(202);
        assertThat(operator()
                        .post("/api/tasks/anything", "{}", "Origin", own, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(202);
        assertThat(operator()
                        .post("/api/tasks/anything", "{}", "Origin", own, "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void sendsSecurityHeaders() {
        Answer answer = operator().get("/api/tasks");

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }
}
