package io.drover.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.security.HookProperties.Hook;
import io.drover.start.RefusedToStartException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

/** Signatures as the senders' own documentation has them, and the settings of hooks. */
@Quick
class SignatureTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void isThatOfGitHubsExample() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader(
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        assertThat(isRight(SignatureStyle.GITHUB, request, "It's a Secret to Everybody", "Hello, World!"))
                .isTrue();
        assertThat(isRight(SignatureStyle.GITHUB, request, "It's a Secret to Everybody", "Hello, World"))
                .isFalse();
    }

    @Test
    void isThatOfSlacksExample() {
        String command = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
                + "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("X-Slack-Request-Timestamp", "1531420618");
        request.addHeader("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

        assertThat(isRight(SignatureStyle.SLACK, request, "8f742231b10e8888abcd99yyyzzz85a5", command))
                .isTrue();
    }

    private static boolean isRight(SignatureStyle style, MockHttpServletRequest request, String secret, String body) {
        Signature signature = style.read(request);
        assertThat(signature).isNotNull();
        return signature.isOf(
                body.getBytes(StandardCharsets.UTF_8),
                List.of(SECRET.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GITHUB | X-Hub-Signature-256 | ",
                "GITHUB | X-Hub-Signature-256 | sha1=0123",
                "GITHUB | X-Hub-Signature-256 | sha256=0123",
                "GITHUB | X-Hub-Signature-256 | sha256=HEX0",
                "GITHUB | X-Hub-Signature-256 | HEX",
                "GITHUB | X-Hub-Signature | sha256=HEX",
                "STRIPE | Stripe-Signature | v1=HEX",
                "STRIPE | Stripe-Signature | t=1",
                "STRIPE | Stripe-Signature | t=1,v0=HEX",
                "STRIPE | Stripe-Signature | t=-1,v1=HEX",
                "STRIPE | Stripe-Signature | t=1,t=2,v1=HEX",
                "STRIPE | Stripe-Signature | t=123456789012,v1=HEX",
                "STRIPE | Stripe-Signature | t=1,v1=HEX,v1=HEX,v1=HEX,v1=HEX,v1=HEX",
                "SLACK  | X-Slack-Signature | v0=HEX",
            })
    void whatHasAnotherFormIsNone(SignatureStyle style, String header, String value) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader(header, (value == null ? "" : value).replace("HEX", "0".repeat(64)));

        assertThat(style.read(request)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hooks/x     | github | .path (hooks/x) must be the path of one hook",
                "/           | github | .path (/) must be",
                "/hooks/{id} | github | .path (/hooks/{id}) must be",
                "/hooks/x?a  | github | .path (/hooks/x?a) must be",
                "/api/tasks  | github | .path (/api/tasks) is a path of Drover itself",
                "/mcp        | slack  | .path (/mcp) is a path of Drover itself",
                "/hooks/x    | gitlab | .signature (gitlab) must be github, stripe or slack",
                "/hooks/x    |        | .signature (null) must be",
            })
    void refusesAHookThatItCannotProtect(String path, String signature, String problem) {
        assertThatThrownBy(() -> new HookProperties(List.of(new Hook(path, signature, List.of(SECRET), null))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("drover.security.hooks[0]" + problem);
    }

    @Test
    void refusesSecretsThatAreNoneWithoutRepeatingThem() {
        for (List<String> secrets : List.of(
                List.<String>of(),
                List.of("too-short"),
                List.of(SECRET, SECRET),
                List.of(SECRET, "b" + SECRET, "c" + SECRET))) {
            assertThatThrownBy(() -> new HookProperties(List.of(new Hook("/hooks/x", "github", secrets, null))))
                    .hasMessageContaining("drover.security.hooks[0].secrets")
                    .hasMessageNotContaining(SECRET)
                    .hasMessageNotContaining("too-short");
        }
        assertThat(new Hook("/hooks/x", "github", List.of(SECRET), null).toString())
                .doesNotContain(SECRET);
    }

    @Test
    void refusesATimeThatNothingSignsAndAPathThatComesTwice() {
        Hook github = new Hook("/hooks/x", "github", List.of(SECRET), Duration.ofMinutes(1));
        assertThatThrownBy(() -> new HookProperties(List.of(github))).hasMessageContaining("github signs no time");
        Hook slow = new Hook("/hooks/x", "slack", List.of(SECRET), Duration.ofDays(1));
        assertThatThrownBy(() -> new HookProperties(List.of(slow)))
                .hasMessageContaining("drover.security.hooks[0].tolerance (1d) must be from 1s to 1h");
        Hook slack = new Hook("/hooks/x", "slack", List.of(SECRET), null);
        assertThatThrownBy(() -> new HookProperties(List.of(slack, slack)))
                .hasMessageContaining("drover.security.hooks[1].path (/hooks/x) is that of another hook");
    }

    /** As the command {@code validate} reads them. */
    @Test
    void namesTheSettingAndNotTheSecret() {
        MockEnvironment environment = new MockEnvironment();
        Map.of("path", "/hooks/x", "signature", "hub", "secrets[0]", SECRET)
                .forEach((name, value) -> environment.setProperty("drover.security.hooks[0]." + name, value));

        assertThatThrownBy(() -> HookProperties.in(environment))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContaining("drover.security.hooks[0].signature (hub)")
                .hasMessageNotContaining(SECRET);
        environment.setProperty("drover.security.hooks[0].signature", "slack");
        assertThat(HookProperties.in(environment).withoutRoute(Set.of("/hooks/x")))
                .isEmpty();
        assertThat(HookProperties.in(environment).withoutRoute(Set.of("/hooks/y")))
                .containsExactly(
                        "drover.security.hooks[0].path (/hooks/x) is the path of no hook; write it as in from: platform-http:<path>");
    }
}
