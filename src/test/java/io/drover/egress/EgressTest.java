package io.drover.egress;

import static io.drover.FaultyServer.json;
import static io.drover.FaultyServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.guard.ToolRegistry;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Where {@code drover.egress.mode} is {@code enforce}, a process connects to what its lists name, and to nothing else. */
class EgressTest extends EgressTestBase {

    @Autowired
    ToolRegistry registry;

    @DynamicPropertySource
    static void lists(DynamicPropertyRegistry registry) {
        registry.add("drover.egress.mode", () -> "enforce");
        registry.add(
                "drover.egress.hosts",
                () -> String.join(
                        ",",
                        "127.0.0.1:" + port(SERVER),
                        "crm.example:" + port(SERVER),
                        "rebind.example",
                        "*.wild.example",
                        "target.example",
                        "proxy.example",
                        "listed.egress.invalid"));
        registry.add("drover.tools.narrow.hosts", () -> "crm.example, *.wild.example, 127.0.0.9");
    }

    @Test
    void connectsToWhatItsListNames() {
        NAMES.answer("crm.example", "127.0.0.1");
        double before = counted("fetch", "allowed");

        assertCompleted(call("fetch", url("crm.example", SERVER)));

        assertThat(SERVER.requests("/x")).hasSize(1);
        assertThat(counted("fetch", "allowed")).isEqualTo(before + 1);
    }

    @Test
    void refusesAHostThatNoListNamesOnceAndForGood() {
        double before = counted("fetch", "refused");

        UUID task = call("fetch", url("127.0.0.1", SECRET));

        assertThat(refusal(task))
                .contains("tool fetch may not connect to 127.0.0.1: that is a loopback address; if it is meant, add"
                        + " 127.0.0.1 to drover.egress.hosts");
        assertThat(SECRET.requests()).isEmpty();
        assertThat(counted("fetch", "refused")).isEqualTo(before + 1);
        assertThat(jdbc.sql("select state, error::text from call where task_id = ?")
                        .param(task)
                        .query()
                        .singleRow())
                .containsEntry("state", "FAILED")
                .extractingByKey("error")
                .asString()
                .contains("may not connect to 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0                  | unspecified",
                "[::]                     | unspecified",
                "[::1]                    | loopback",
                "127.0.0.2                | loopback",
                "localhost                | no list names the host",
                "[::ffff:127.0.0.1]       | loopback",
                "[::ffff:169.254.169.254] | metadata",
                "[fd00:ec2::254]          | metadata",
                "169.254.169.254          | metadata",
                "[64:ff9b::7f00:1]        | loopback",
                "[2002:7f00:1::]          | loopback",
                "10.0.0.1                 | private",
                "224.0.0.1                | multicast",
                "2130706433               | write 127.0.0.1",
                "0x7f000001               | write 127.0.0.1",
                "0177.0.0.1               | write 127.0.0.1",
                "017700000001             | write 127.0.0.1",
                "0                        | write 0.0.0.0",
                "2852039166               | write 169.254.169.254",
            })
    void refusesAddressesOfNoPublicHostHoweverTheyAreWritten(String host, String why) {
        assertThat(refusal(call("fetch", url(host, SECRET)))).contains("may not connect to", why);
        assertThat(SECRET.requests()).isEmpty();
    }

    @Test
    void checksEachHopOfARedirect() {
        NAMES.answer("crm.example", "127.0.0.1");
        SERVER.next("/x", status(302, "Location: " + url("127.0.0.1", SECRET), ""));
        SERVER.next("/far", status(302, "Location: http://[::ffff:169.254.169.254]/latest", ""));
        SERVER.next("/near", status(302, "Location: /x2", ""));

        String away = refusal(call("fetch", url("crm.example", SERVER) + "?httpMethod=GET&followRedirects=true"));
        String metadata = refusal(
                call("fetch", "http://crm.example:" + port(SERVER) + "/far?httpMethod=GET&followRedirects=true"));
        UUID near = call("fetch", "http://crm.example:" + port(SERVER) + "/near?httpMethod=GET&followRedirects=true");

        assertThat(away).contains("may not connect to 127.0.0.1");
        assertThat(metadata).contains("metadata service");
        assertCompleted(near);
        assertThat(SERVER.requests("/x2")).hasSize(1);
        assertThat(SECRET.requests()).isEmpty();
    }

    /** A name that is looked up once to be checked and once to connect can have two answers. */
    @Test
    void connectsToTheAddressThatWasChecked() {
        NAMES.answer("rebind.example", "127.0.0.1", "169.254.169.254");
        SERVER.next("/x", status(200, "Content-Type: application/json\r\nConnection: close", "{\"n\":1}"));

        assertCompleted(call("fetch", url("rebind.example", SERVER)));

        assertThat(NAMES.lookups("rebind.example")).isEqualTo(1);
        assertThat(SERVER.requests("/x")).hasSize(1);

        assertThat(refusal(call("fetch", url("rebind.example", SERVER))))
                .contains("rebind.example (169.254.169.254): that is the address of a cloud's metadata service; if it"
                        + " is meant, add 169.254.169.254 to drover.egress.hosts");
        assertThat(NAMES.lookups("rebind.example")).isEqualTo(2);
        assertThat(SERVER.requests("/x")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "93.184.216.34 127.0.0.1", "::1", "0.0.0.0", "fe80::1"})
    void refusesANameAnyOfWhoseAddressesIsSpecialUnlessAListNamesTheHost(String addresses) {
        NAMES.answer("any.wild.example", addresses);

        assertThat(refusal(call("fetch", url("any.wild.example", SECRET)))).contains("any.wild.example (");
        assertThat(SECRET.requests()).isEmpty();
    }

    @Test
    void aToolWithAListOfItsOwnConnectsToNothingElse() {
        NAMES.answer("crm.example", "127.0.0.1");

        assertCompleted(call("narrow", url("crm.example", SERVER)));
        assertThat(refusal(call("narrow", url("127.0.0.1", SERVER))))
                .contains("tool narrow may not connect to 127.0.0.1", "drover.tools.narrow.hosts");
        assertThat(SERVER.requests("/x")).hasSize(1);
    }

    /** The connection that the other tool left open would be there. */
    @Test
    void aConnectionThatIsKeptOpenIsNotUsedByAnotherToolThatMayNotConnect() {
        NAMES.answer("rebind.example", "127.0.0.1");
        SERVER.always("/x", json("{\"n\":1}"));

        assertCompleted(call("fetch", url("rebind.example", SERVER)));
        int connections = SERVER.connections();
        assertCompleted(call("fetch", url("rebind.example", SERVER)));
        String refused = refusal(call("narrow", url("rebind.example", SERVER)));

        assertThat(SERVER.connections()).isEqualTo(connections);
        assertThat(refused).contains("tool narrow may not connect to rebind.example: no list names the host");
        assertThat(SERVER.requests("/x")).hasSize(2);
    }

    @Test
    void checksTheTargetBehindAProxyAndTheProxy() {
        NAMES.answer("proxy.example", "127.0.0.1");
        String by = "?proxyHost=proxy.example&proxyPort=" + port(PROXY);
        String unlisted = "?proxyHost=127.0.0.1&proxyPort=" + port(SECRET);
        PROXY.always("http://target.example/x", json("{\"n\":1}"));

        assertCompleted(call("fetch", "http://target.example/x" + by));
        assertThat(PROXY.requests()).hasSize(1);

        assertThat(refusal(call("fetch", "http://secret.example/x" + by)))
                .contains("may not connect to secret.example: no list names the host");
        assertThat(refusal(call("fetch", "http://169.254.169.254/x" + by))).contains("metadata");
        assertThat(refusal(call("fetch", "http://target.example/x" + unlisted)))
                .contains("127.0.0.1: that is a loopback");
        assertThat(PROXY.requests()).hasSize(1);
        assertThat(SECRET.requests()).isEmpty();
    }

    @Test
    void checksASocksProxy() {
        NAMES.answer("crm.example", "127.0.0.1");
        int connections = SECRET.connections();

        assertThat(refusal(
                        call("fetch", url("crm.example", SERVER) + "?httpConnection.socksProxyAddress=#secretSocks")))
                .contains("may not connect to 127.0.0.1: that is a loopback");
        assertThat(SECRET.connections()).isEqualTo(connections);
    }

    @ParameterizedTest
    @ValueSource(strings = {"looks", "scripted"})
    void refusesNamesThatCodeLooksUp(String tool) {
        assertThat(refusal(call(tool, tool + ".egress.invalid")))
                .contains("tool " + tool + " may not connect to " + tool
                        + ".egress.invalid: no list names the host; if it is meant, add");
        UUID listed = call(tool, "listed.egress.invalid"); // and is known to no server of names

        await().untilAsserted(() -> assertThat(String.valueOf(task(listed).get("error")))
                .contains("the host listed.egress.invalid is unknown"));
    }

    /** Java's own clients say that they could not connect, or that the host is unknown; the call says why. */
    @ParameterizedTest
    @ValueSource(strings = {"code_send", "script_send", "code_open", "code_connect"})
    void codeWhoseClientHidesARefusalSaysItInTheCall(String tool) {
        String host = tool.replace('_', '-') + ".egress.invalid";
        String sentence = "tool %s may not connect to %s: no list names the host; if it is meant, add %s to"
                        .formatted(tool, host, host)
                + " drover.egress.hosts";
        int failures = failures(tool);

        UUID task = call(tool, "http://" + host + ":1/x");

        assertThat(refusal(task)).contains(sentence);
        assertThat(jdbc.sql("select state, tries, error::text from call where task_id = ?")
                        .param(task)
                        .query()
                        .singleRow())
                .containsEntry("state", "FAILED")
                .containsEntry("tries", 0) // nothing was sent, and it is not tried again
                .extractingByKey("error")
                .asString()
                .contains(sentence);
        assertThat(failures(tool)).as("the breaker counts no refusal").isEqualTo(failures);
    }

    private int failures(String tool) {
        return registry.current().get(tool).breaker().getMetrics().getNumberOfFailedCalls();
    }

    /** Java remembers for ten seconds that the name is unknown, and asks nobody why. */
    @Test
    void whatJavaRemembersAsUnknownIsStillSaidToBeRefused() {
        refusal(call("code_open", "http://again.egress.invalid:1/x"));

        assertThat(refusal(call("code_connect", "http://again.egress.invalid:1/x")))
                .contains("tool code_connect may not connect to again.egress.invalid: no list names the host");
        assertThat(dead(call("code_send", "http://again.egress.invalid:1/x")))
                .contains("names were refused in the last ten seconds")
                .contains("tool code_send may not connect to again.egress.invalid: no list names the host");
    }

    @Test
    void aClientThatConnectsOnThreadsOfItsOwnSaysWhatWasRefusedMeanwhile() {
        assertThat(dead(call("code_sendelsewhere", "http://elsewhere.egress.invalid:1/x")))
                .contains("names were refused in the last ten seconds")
                .contains(
                        "tool code_sendelsewhere may not connect to elsewhere.egress.invalid: no list names the host");
    }

    @Test
    void codeOutsideToolsSaysWhyItMayNotConnect() {
        assertThat(refusal(submit("code-outside", "{\"url\":\"http://outside.egress.invalid:1/x\"}")))
                .contains("a step outside tools may not connect to outside.egress.invalid: no list names the host");
    }

    /** What code is redirected to is looked up as anything else. */
    @ParameterizedTest
    @ValueSource(strings = {"code_send", "script_send"})
    void checksTheNameThatCodeIsRedirectedTo(String tool) {
        String host = tool.replace('_', '-') + "-hop.egress.invalid";
        SERVER.always("/x", status(302, "Location: http://" + host + ":1/y", ""));

        assertThat(dead(call(tool, url("127.0.0.1", SERVER)))).contains("may not connect to " + host);
    }

    /** A host that is really unknown is not said to be refused, though another one was. */
    @Test
    void anUnknownHostIsSaidToBeUnknown() {
        refusal(call("code_connect", "http://some.egress.invalid:1/x"));

        assertThat(dead(call("code_connect", "http://listed.egress.invalid:1/x")))
                .contains("the host listed.egress.invalid is unknown")
                .doesNotContain("may not connect");
    }

    @Test
    void aServerWhoseNameLeadsElsewhereLaterSaysSoInTheCall() {
        String input = "{\"tool\":\"turn_look\",\"args\":{}}";
        assertCompleted(submit("call", input));
        NAMES.answer("turn.example", "0.0.0.0");

        assertThat(refusal(submit("call", input)))
                .contains("may not connect to turn.example (0.0.0.0): that is an unspecified", "drover.egress.hosts");
    }

    @Test
    void stepsOutsideToolsConnectToTheCommonList() {
        NAMES.answer("crm.example", "127.0.0.1");

        assertCompleted(submit("outside", "{\"url\":\"%s\"}".formatted(url("crm.example", SERVER))));
        assertThat(refusal(submit("outside", "{\"url\":\"%s\"}".formatted(url("127.0.0.1", SECRET)))))
                .contains("a step outside tools may not connect to 127.0.0.1");
    }

    @Test
    void whatIsRecordedIsNotJudgedAgain() {
        NAMES.answer("rebind.example", "127.0.0.1", "169.254.169.254");
        SERVER.next("/x", status(200, "Content-Type: application/json\r\nConnection: close", "{\"replayed\":true}"));

        UUID task = submit("twice", "{\"url\":\"%s\"}".formatted(url("rebind.example", SERVER)));

        assertCompleted(task);
        assertThat(task(task)).containsEntry("attempt", 2);
        assertThat(NAMES.lookups("rebind.example")).isEqualTo(1);
        assertThat(SERVER.requests("/x")).hasSize(1);
    }

    /** The text of the error of a task that died, in whichever attempt. */
    private String dead(UUID task) {
        await().untilAsserted(() -> assertThat(task(task)).containsEntry("status", "DEAD"));
        return String.valueOf(task(task).get("error"));
    }

    /** No list names a model or an MCP server: their own URLs do. */
    @Test
    void modelsAndServersAreConnectedToByTheirUrlsUnlessTheseLeadElsewhere() {
        SERVER.always(
                "/v1/chat/completions",
                json("{\"choices\":[{\"message\":{\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}"));

        assertCompleted(submit("ask", "{}"));
        assertThat(refusal(submit("ask-strange", "{}"))).contains("strange.example (0.0.0.0): that is an unspecified");
        assertCompleted(submit("call", "{\"tool\":\"far_look\",\"args\":{}}"));

        await().until(() -> NAMES.lookups("odd.example") > 0);
        assertThat(SERVER.requests())
                .noneMatch(request ->
                        request.path().startsWith("/strange") || request.path().startsWith("/odd"));
    }
}
