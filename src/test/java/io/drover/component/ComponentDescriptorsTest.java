package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.Quick;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog descriptors of our components say what the annotations say. {@code -Ddrover.descriptors=write} writes them. */
@Quick
class ComponentDescriptorsTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @ParameterizedTest
    @ValueSource(
            classes = {
                AgentEndpoint.class,
                SignalEndpoint.class,
                TaskEndpoint.class,
                ToolEndpoint.class,
                WaitEndpoint.class
            })
    void matchTheAnnotations(Class<?> endpoint) throws IOException {
        ObjectNode descriptor = descriptor(endpoint);
        Path file = Path.of("src/main/resources/META-INF/io/drover/component")
                .resolve(descriptor.path("component").path("name").asText() + ".json");
        if ("write".equals(System.getProperty("drover.descriptors"))) {
            Files.writeString(file, JSON.writeValueAsString(descriptor) + "\n");
        }

        assertThat(JSON.readTree(file.toFile()))
                .as("%s; run this test with -Ddrover.descriptors=write", file)
                .isEqualTo(JSON.readTree(JSON.writeValueAsString(descriptor)));
    }

    /** What Kaoto and {@code validate} offer and refuse. */
    @Test
    void describesAnAgentAsAStep() throws IOException {
        JsonNode agent = JSON.readTree(Path.of("src/main/resources/META-INF/io/drover/component/agent.json")
                .toFile());

        assertThat(agent.at("/component/producerOnly").asBoolean()).isTrue();
        assertThat(agent.at("/component/description").asText()).contains("language model");
        assertThat(agent.at("/properties/traceContent/enum")).hasSize(3);
        assertThat(agent.at("/properties/onEdit/defaultValue").asText()).isEqualTo("continue");
        assertThat(agent.at("/properties/maxCostUsd/type").asText()).isEqualTo("number");
    }

    private static ObjectNode descriptor(Class<?> endpoint) {
        UriEndpoint about = endpoint.getAnnotation(UriEndpoint.class);
        ObjectNode root = JSON.createObjectNode();
        root.putObject("component")
                .put("kind", "component")
                .put("name", about.scheme())
                .put("title", about.title())
                .put("description", endpoint.getAnnotation(Metadata.class).description())
                .put("deprecated", false)
                .put("firstVersion", about.firstVersion())
                .put("label", about.category()[0].getValue())
                .put("javaType", endpoint.getName().replace("Endpoint", "Component"))
                .put("supportLevel", "Stable")
                .put("groupId", "io.drover")
                .put("artifactId", "drover")
                .put("version", about.firstVersion())
                .put("scheme", about.scheme())
                .put("extendsScheme", "")
                .put("syntax", about.syntax())
                .put("async", false)
                .put("api", false)
                .put("consumerOnly", about.consumerOnly())
                .put("producerOnly", about.producerOnly())
                .put("lenientProperties", about.lenientProperties())
                .put("remote", about.remote());
        root.putObject("componentProperties");
        ObjectNode properties = root.putObject("properties");
        describe(properties, endpoint);
        return root;
    }

    /** The options of a class, and in their place those of an object that holds some of them. */
    private static void describe(ObjectNode properties, Class<?> holder) {
        for (Field field : holder.getDeclaredFields()) {
            UriPath path = field.getAnnotation(UriPath.class);
            UriParam param = field.getAnnotation(UriParam.class);
            if (param != null && field.getType().isAnnotationPresent(UriParams.class)) {
                describe(properties, field.getType());
            } else if (path != null || param != null) {
                describe(properties, field, path, param);
            }
        }
    }

    private static void describe(ObjectNode properties, Field field, UriPath path, UriParam param) {
        ObjectNode property = properties
                .putObject(field.getName())
                .put("index", properties.size())
                .put("kind", path != null ? "path" : "parameter")
                .put("displayName", field.getName())
                .put("group", path != null ? "common" : param.label().isEmpty() ? "common" : param.label())
                .put("label", path != null ? "" : param.label())
                .put("required", path != null)
                .put("type", type(field.getType()))
                .put("javaType", field.getType().getName())
                .put("deprecated", false)
                .put("autowired", false)
                .put("secret", false);
        if (param != null && !param.prefix().isEmpty()) {
            property.put("prefix", param.prefix()).put("multiValue", param.multiValue());
        }
        if (param != null && !param.defaultValue().isEmpty()) {
            property.put("defaultValue", param.defaultValue());
        }
        if (param != null && !param.enums().isEmpty()) {
            ArrayNode choices = property.putArray("enum");
            Stream.of(param.enums().split(",")).forEach(choices::add);
        }
        property.put("description", path != null ? path.description() : param.description());
    }

    private static String type(Class<?> type) {
        return type == Duration.class
                ? "duration"
                : type == Boolean.class || type == boolean.class
                        ? "boolean"
                        : type == Integer.class || type == int.class || type == Long.class
                                ? "integer"
                                : Number.class.isAssignableFrom(type)
                                        ? "number"
                                        : Map.class.isAssignableFrom(type)
                                                ? "object"
                                                : type.isEnum() ? "enum" : "string";
    }
}
