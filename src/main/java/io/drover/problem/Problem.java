package io.drover.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;

/**
 * Why a request was refused.
 *
 * @param type       one word, for programs; written as {@code urn:drover:problem:<type>}
 * @param detail     a sentence for people: what is wrong and what to do about it
 * @param parts      the parts of the request that are wrong
 * @param retryAfter when to send it again, or null if that would not help
 */
public record Problem(HttpStatus status, String type, String detail, List<Part> parts, @Nullable Duration retryAfter) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * The attribute of a request whose body is refused while it is read, because the reader may not pass the exception
     * on.
     */
    public static final String ATTRIBUTE = Problem.class.getName();

    private static final String URN = "urn:drover:problem:";
    private static final URI NO_TYPE = URI.create("about:blank");
    private static final ObjectMapper JSON =
            new ObjectMapper().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class);

    /**
     * One wrong part of a request.
     *
     * @param field    where: a parameter, a header, or a path into the body such as {@code $.email}
     * @param value    what was sent; not for bodies
     * @param problem  what is wrong
     * @param accepted what would be right
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Part(String field, @Nullable String value, String problem, @Nullable String accepted) {}

    public Problem {
        parts = List.copyOf(parts);
    }

    public static Problem of(HttpStatus status, String type, String detail, Part... parts) {
        return new Problem(status, type, detail, List.of(parts), null);
    }

    /** A fault whose only name is its status. */
    public static Problem of(HttpStatus status, String detail) {
        return of(status, type(status), detail);
    }

    /** A request for something that does not exist. */
    public static Problem notFound(String path) {
        return of(HttpStatus.NOT_FOUND, "there is nothing at " + path);
    }

    /** A request with a method that its path does not accept. */
    public static Problem methodNotAllowed(String method) {
        return of(HttpStatus.METHOD_NOT_ALLOWED, "the method %s is not accepted here".formatted(method));
    }

    /** A fault of Drover itself; only the log has details. */
    public static Problem internal() {
        return of(HttpStatus.INTERNAL_SERVER_ERROR, "the request failed inside Drover; the log has the cause");
    }

    public Problem retryAfter(Duration pause) {
        return new Problem(status, type, detail, parts, pause);
    }

    /** The value of the header {@code Retry-After} (RFC 9110): whole seconds, not before the pause is over, and at least one. */
    public static String seconds(Duration pause) {
        return Long.toString(Math.max(1, pause.plusMillis(999).toSeconds()));
    }

    /** For Spring, which adds the request's path. */
    public ProblemDetail document() {
        ProblemDetail document = ProblemDetail.forStatusAndDetail(status, detail);
        document.setType(URI.create(URN + type));
        if (!parts.isEmpty()) {
            document.setProperty("problems", parts);
        }
        return document;
    }

    /**
     * For code that writes the answer without Spring.
     *
     * @param path of the request as it was sent, which may be malformed; null if it is unknown
     */
    public String json(@Nullable String path) {
        ProblemDetail document = document();
        document.setInstance(instance(path));
        try {
            return JSON.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem could not be written", e);
        }
    }

    /** The path of a request as a URI, or null if it is not a valid one. */
    public static @Nullable URI instance(@Nullable String path) {
        try {
            return path == null || !path.startsWith("/") ? null : URI.create(path);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Gives a document of Spring's own its type. */
    public static void name(ProblemDetail document, HttpStatusCode status) {
        if (NO_TYPE.equals(document.getType())) {
            document.setType(URI.create(URN + type(status)));
        }
    }

    /** The word of a document's type. */
    public static String typeOf(ProblemDetail document) {
        return String.valueOf(document.getType()).replace(URN, "");
    }

    private static String type(HttpStatusCode status) {
        return switch (status.value()) {
            case 400 -> "bad-request";
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 413 -> "too-large";
            case 415 -> "unsupported-media-type";
            case 429 -> "too-many-requests";
            case 503 -> "unavailable";
            default -> status.is5xxServerError() ? "internal" : "refused";
        };
    }
}
