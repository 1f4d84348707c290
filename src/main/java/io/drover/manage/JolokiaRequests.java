package io.drover.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Reads a request to Jolokia before Jolokia does.
 * It checks the size, the number of requests in it, and that none is forwarded to another process.
 * Jolokia gets what was read here, in this form, so both see the same.
 */
@Component
@ConditionalOnWebApplication
class JolokiaRequests extends OncePerRequestFilter {

    private static final String SERVLET = "/jolokia"; // Hawtio's pages are forwarded to it
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_REQUESTS = 1_000;
    private static final int MAX_LISTS = 20; // an answer may hold every MBean
    private static final Set<String> LISTS = Set.of("list", "search");
    private static final Set<String> TYPES = Set.of("read", "write", "exec", "list", "search", "version");

    private final HandlerExceptionResolver errors;
    private final RecordedOperations operations;

    JolokiaRequests(
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors, RecordedOperations operations) {
        this.errors = errors;
        this.operations = operations;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getServletPath().equals(SERVLET);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        JsonNode requests;
        try {
            requests = check(request);
        } catch (ErrorResponseException refused) {
            errors.resolveException(request, response, null, refused);
            return;
        }
        operations.jolokia(each(requests));
        chain.doFilter(new JsonRequest(request, Json.write(requests).getBytes(StandardCharsets.UTF_8)), response);
    }

    private static JsonNode check(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw refused(
                    HttpStatus.PAYLOAD_TOO_LARGE, "a request to Jolokia is at most %d bytes".formatted(MAX_BYTES));
        }
        JsonNode requests = parse(body);
        int count = 0;
        int lists = 0;
        for (JsonNode one : each(requests)) {
            String type = one.path("type").asText();
            lists += LISTS.contains(type) ? 1 : 0;
            if (++count > MAX_REQUESTS || lists > MAX_LISTS) {
                throw refused(
                        HttpStatus.PAYLOAD_TOO_LARGE,
                        "one request may hold at most %d requests, %d of them list or search"
                                .formatted(MAX_REQUESTS, MAX_LISTS));
            }
            if (one.has("target")) {
                throw refused(HttpStatus.FORBIDDEN, "Drover forwards no request to another process; leave out target");
            }
            if (!TYPES.contains(type)) {
                throw refused(
                        HttpStatus.FORBIDDEN,
                        "Jolokia accepts only the types exec, list, read, search, version and write here, in lower case");
            }
        }
        return requests;
    }

    private static Iterable<JsonNode> each(JsonNode requests) {
        return requests.isArray() ? requests : List.of(requests);
    }

    private static JsonNode parse(byte[] body) {
        try {
            return Json.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw refused(
                    HttpStatus.BAD_REQUEST, "a request to Jolokia is a JSON object, or an array of them, in UTF-8");
        }
    }

    private static ErrorResponseException refused(HttpStatus status, String detail) {
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }
}
