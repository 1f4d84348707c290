package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.egress.EgressRefusedException;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Turns the errors of servers into exceptions that the guard understands: did the call surely have no effect, or is
 * its
 * outcome unknown?
 */
final class ServerFailures {

    /** The server did not begin: it did not understand the message, the tool or the arguments. */
    private static final Set<Integer> NOT_BEGUN = Set.of(
            ErrorCodes.PARSE_ERROR, ErrorCodes.INVALID_REQUEST, ErrorCodes.METHOD_NOT_FOUND, ErrorCodes.INVALID_PARAMS);

    /**
     * The class name that Java puts before the message of a cause, for example for a certificate that is not trusted.
     */
    private static final Pattern CLASS = Pattern.compile("\\b(?:[a-z][a-z0-9]{0,30}\\.){1,10}[A-Z]\\w{1,80}: ");

    private ServerFailures() {}

    /**
     * Reads the text of an {@code isError}, which may be a time-out as well as a refusal.
     * The call surely had no effect only if the tool changes nothing, or the error has one of Drover's own types that
     * say so.
     */
    static Exception error(String text, boolean changesNothing) {
        return switch (type(text)) {
            case "busy" -> new ServerBusyException(text);
            case "invalid_arguments", "refused" -> new ServerRefusedException(text);
            default -> changesNothing ? new ServerRefusedException(text) : new ServerErrorException(text);
        };
    }

    /** As {@link CallResult#problem} writes it, or an empty string. */
    private static String type(String text) {
        try {
            return Json.parse(text).path("error").path("type").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** The result of an answer of JSON-RPC. Some servers send both members, and null for the one that does not count. */
    static JsonNode result(JsonNode answer) throws ServerRefusedException, ServerErrorException {
        JsonNode error = answer.path("error");
        if (answer.path("result").isObject() && !answer.hasNonNull("error")) {
            return answer.get("result");
        }
        if (answer.hasNonNull("result") && !answer.hasNonNull("error")) {
            throw new ServerErrorException("the result is not an object, as results of MCP are");
        }
        String words =
                error.isTextual() ? error.asText() : error.path("message").asText("");
        String message =
                words.isEmpty() ? "the answer holds neither a result nor the words of an error" : Excerpt.of(words);
        if (NOT_BEGUN.contains(error.path("code").asInt())) {
            throw new ServerRefusedException(message);
        }
        throw new ServerErrorException(message);
    }

    /** Throws if the body of an HTTP error says, in the words of JSON-RPC, that the request was not begun. */
    static void refusal(String body) throws ServerRefusedException {
        try {
            JsonNode error = Json.envelope(body).path("error");
            if (NOT_BEGUN.contains(error.path("code").asInt())) {
                throw new ServerRefusedException(
                        Excerpt.of(error.path("message").asText()));
            }
        } catch (JsonProcessingException e) { // some other error
        }
    }

    /** Whether the body of an HTTP error says, in the words of JSON-RPC, that the call itself is wrong. */
    static boolean isAboutTheCall(String body) {
        try {
            int code = Json.envelope(body).path("error").path("code").asInt();
            return code == ErrorCodes.INVALID_PARAMS || code == ErrorCodes.METHOD_NOT_FOUND;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** The message for people, without class names. */
    static String summary(Throwable cause) {
        String message = cause.getMessage();
        String words =
                switch (cause) {
                    case EgressRefusedException e -> String.valueOf(message);
                    case UnknownHostException e -> "the host %s is unknown".formatted(message);
                    case NoHttpResponseException e -> "the connection was closed without an answer";
                    case JsonProcessingException e -> "the answer is not usable JSON: " + Json.reason(e);
                    default -> message == null || message.isBlank() ? "no reason is known" : message;
                };
        return Excerpt.of(CLASS.matcher(words).replaceAll(""), 500);
    }
}
