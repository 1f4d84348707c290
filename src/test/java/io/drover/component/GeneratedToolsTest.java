package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.route.check.RouteValidator;
import io.drover.scaffold.OpenApiTools;
import io.drover.scaffold.Scaffold;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** What the steps of tools out of an OpenAPI document send, read by a real HTTP server. */
class GeneratedToolsTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static ProducerTemplate producer;

    /** The steps without the guard, which takes a database. */
    private static final class Unguarded extends DefaultComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
            parameters.clear();
            return getCamelContext().getEndpoint("direct:" + name);
        }
    }

    @BeforeAll
    static void start(@TempDir Path routes) throws Exception {
        Path document = Path.of("src/test/resources/openapi/petstore.yaml");
        Scaffold.Outcome tools = new Scaffold(routes, RouteValidator.standalone(new MockEnvironment()))
                .write(OpenApiTools.read(document, "", Set.of(), SERVER.url() + "/v1"));
        CAMEL.getRegistry().bind("url", new UrlFunction());
        CAMEL.getRegistry().bind("query", new QueryFunction());
        CAMEL.addComponent("tool", new Unguarded());
        for (Path file : tools.written()) {
            if (file.toString().endsWith(".yaml")) {
                YamlRoutesBuilderLoader loader = new YamlRoutesBuilderLoader();
                loader.setCamelContext(CAMEL);
                loader.start();
                CAMEL.addRoutes(
                        loader.loadRoutesBuilder(ResourceHelper.fromString(file.toString(), Files.readString(file))));
            }
        }
        CAMEL.start();
        producer = CAMEL.createProducerTemplate();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        SERVER.close();
    }

    @Test
    void sendsOnlyTheQueryThatIsThere() {
        assertThat(send("listPets", Map.of()).target()).isEqualTo("/v1/pets");
        assertThat(send("listPets", Map.of("limit", 5)).target()).isEqualTo("/v1/pets?limit=5");
        assertThat(send("listPets", Map.of("filter_tag", List.of("a&b", "", "é/..")))
                        .target())
                .isEqualTo("/v1/pets?filter%5Btag%5D=a%26b&filter%5Btag%5D=&filter%5Btag%5D=%C3%A9%2F..");
        assertThat(send("listPets", Map.of("limit", 1, "filter_tag", Arrays.asList("x", null)))
                        .target())
                .isEqualTo("/v1/pets?limit=1&filter%5Btag%5D=x");
    }

    @Test
    void refusesWhatIsNoValueOfAQuery() {
        int before = SERVER.requests().size();

        for (Object value : List.of(Map.of("a", 1), List.of(List.of(1)))) {
            Exchange sent = producer.request("direct:listPets", exchange -> exchange.setVariable("limit", value));
            assertThat(sent.getException())
                    .isInstanceOf(UrlValueException.class)
                    .hasMessageContaining("${query(...)} got an object, or a list of lists, for 'limit'");
        }
        assertThat(SERVER.requests()).hasSize(before);
    }

    @Test
    void sendsTheBodyAsJsonAndOthersNone() {
        FaultyServer.Request create = send("create_pet", Map.of("body", Map.of("name", "Rex")));
        assertThat(create.method()).isEqualTo("POST");
        assertThat(create.body()).isEqualTo("{\"name\":\"Rex\"}");
        assertThat(create.headers()).containsEntry("content-type", "application/json");

        FaultyServer.Request remove = send("removePet", Map.of("petId", 7));
        assertThat(remove.method()).isEqualTo("DELETE");
        assertThat(remove.target()).isEqualTo("/v1/pets/7");
        assertThat(remove.body()).isEmpty();
        assertThat(send("replacePet", Map.of("petId", 7)).body()).isEmpty();
        assertThat(send("pet-exists", Map.of("petId", 7)).method()).isEqualTo("HEAD");
        assertThat(send("get_pets_petId", Map.of("petId", "a/b?c")).target()).isEqualTo("/v1/pets/a%2Fb%3Fc");
    }

    /** @param arguments which a tool has as its body and as variables */
    private static FaultyServer.Request send(String tool, Map<String, Object> arguments) {
        int before = SERVER.requests().size();
        Exchange sent = producer.request("direct:" + tool, exchange -> {
            exchange.getMessage().setBody(arguments);
            arguments.forEach(exchange::setVariable);
        });
        assertThat(SERVER.requests()).as(String.valueOf(sent.getException())).hasSize(before + 1);
        return SERVER.requests().getLast();
    }
}
