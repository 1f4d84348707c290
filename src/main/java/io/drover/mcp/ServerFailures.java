package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.tool.Excerpt;
import io.drover.tool.HttpAnswerException;
import io.drover.tool.Json;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpTransportException;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import java.net.ConnectException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** Puts the SDK's exceptions into words that the guard can read: did the call surely not happen, or is its end unknown? */
final class ServerFailures {

    /** The server did not begin: it understood no message, or no such tool or arguments. */
    private static final Set<Integer> NOT_BEGUN = Set.of(
            ErrorCodes.PARSE_ERROR, ErrorCodes.INVALID_REQUEST, ErrorCodes.METHOD_NOT_FOUND, ErrorCodes.INVALID_PARAMS);

    /** The SDK tells the status of an answer in words only. */
    private static final Pattern STATUS = Pattern.compile("[Ss]tatus code: ?(\\d{3})");

    private ServerFailures() {}

    /**
     * Reads the text of an {@code isError}, which may be a time-out as well as a refusal. That nothing happened is believed
     * where the tool changes nothing, or the error has one of Drover's own types that say so.
     */
    static Exception error(String text, boolean changesNothing) {
        return switch (type(text)) {
            case "busy" -> new RejectedExecutionException(text); // the guard reads: not begun, try again
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

    static Exception read(RuntimeException thrown) {
        for (Throwable t : ObjectHelper.createExceptionIterable(thrown)) {
            Exception known = known(t);
            if (known != null) {
                return known;
            }
        }
        return thrown;
    }

    private static @Nullable Exception known(Throwable t) {
        if (t instanceof McpTransportSessionNotFoundException) {
            return (Exception) new ConnectException("the server has forgotten the session").initCause(t);
        }
        if (t instanceof McpError error
                && error.getJsonRpcError() != null
                && NOT_BEGUN.contains(error.getJsonRpcError().code())) {
            return new ServerRefusedException(error.getJsonRpcError().message());
        }
        if (t instanceof McpHttpClientTransportAuthorizationException refused) {
            return answer(refused.getResponseInfo().statusCode(), refused);
        }
        Matcher status = STATUS.matcher(String.valueOf(t.getMessage()));
        return t instanceof McpTransportException && status.find()
                ? answer(Integer.parseInt(status.group(1)), t)
                : null;
    }

    private static HttpAnswerException answer(int status, Throwable cause) {
        HttpAnswerException answer = new HttpAnswerException(status, Map.of(), "", String.valueOf(cause.getMessage()));
        answer.initCause(cause);
        return answer;
    }

    /** For people. */
    static String summary(Throwable thrown) {
        Throwable cause = Exceptions.unwrap(thrown);
        String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return Excerpt.of(cause.getClass().getSimpleName() + message, 500);
    }
}
