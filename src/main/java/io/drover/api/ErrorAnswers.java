package io.drover.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.problem.Problem;
import io.drover.task.IntakeFullException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception into a problem that says what to do about it. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE + 10) // after the console, which answers for its own pages
class ErrorAnswers extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private static final int LONGEST_SHOWN = 100;

    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(int.class, Integer.class, long.class, Long.class);

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> databaseAway(Exception e, WebRequest request) {
        LOG.warn("answered 503: {}", e.getMessage());
        ProblemException problem = RetryLater.database();
        return handleExceptionInternal(
                problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
    }

    @ExceptionHandler(IntakeFullException.class)
    ResponseEntity<Object> intakeFull(IntakeFullException e, WebRequest request) {
        ProblemException problem = RetryLater.intakeFull(e);
        return handleExceptionInternal(
                problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** The firewall looks at header values only when they are read. */
    @ExceptionHandler(RequestRejectedException.class)
    @Nullable
    ResponseEntity<Object> rejected(RequestRejectedException e, WebRequest request) {
        return answer(
                e,
                new HttpHeaders(),
                request,
                FieldProblem.of("header", null, String.valueOf(e.getMessage()), "printable text"));
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<Object> unexpected(Exception e, WebRequest request) {
        LOG.error("a request failed", e);
        return handleExceptionInternal(
                e, Problem.internal().document(), new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String path = ((ServletWebRequest) request).getRequest().getRequestURI();
        return handleExceptionInternal(e, Problem.notFound(path).document(), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoHandlerFoundException(
            NoHandlerFoundException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String path = ((ServletWebRequest) request).getRequest().getRequestURI();
        return handleExceptionInternal(e, Problem.notFound(path).document(), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return handleExceptionInternal(
                e, Problem.methodNotAllowed(e.getMethod()).document(), headers, status, request);
    }

    /** Spring says neither which type it could not read, nor which it takes. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String given = request.getHeader(HttpHeaders.CONTENT_TYPE);
        Problem problem = Problem.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "%s; send JSON with Content-Type: application/json, in UTF-8 or in the charset that it names"
                        .formatted(
                                given == null
                                        ? "the request has no Content-Type"
                                        : "the Content-Type '%s' is not accepted here"
                                                .formatted(Excerpt.of(given, LONGEST_SHOWN))));
        return handleExceptionInternal(e, problem.document(), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String field = e instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(e.getPropertyName());
        String accepted = accepted(e.getRequiredType());
        return answer(e, headers, request, FieldProblem.of(field, e.getValue(), "is not " + accepted, accepted));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(e, headers, request, FieldProblem.of(e.getParameterName(), null, "is missing", null));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        FieldProblem[] problems = e.getParameterValidationResults().stream()
                .flatMap(result -> result.getResolvableErrors().stream()
                        .map(error -> FieldProblem.of(
                                String.valueOf(result.getMethodParameter().getParameterName()),
                                result.getArgument(),
                                String.valueOf(error.getDefaultMessage()),
                                null)))
                .toArray(FieldProblem[]::new);
        return answer(e, headers, request, problems);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e.getCause() instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return answer(
                    e,
                    headers,
                    request,
                    FieldProblem.of(path(unknown), null, "is not known; known are " + known, "one of " + known));
        }
        if (e.getCause() instanceof MismatchedInputException other) { // whose message names classes of Java
            String accepted = accepted(other.getTargetType());
            Object value = other instanceof InvalidFormatException format ? format.getValue() : null;
            return answer(e, headers, request, FieldProblem.of(path(other), value, "is not " + accepted, accepted));
        }
        if (e.getCause() instanceof JsonMappingException mapping) {
            return answer(e, headers, request, FieldProblem.of(path(mapping), null, Json.reason(mapping), null));
        }
        if (e.getCause() instanceof JsonProcessingException malformed) {
            return answer(
                    e,
                    headers,
                    request,
                    FieldProblem.of("body", null, "is not JSON: " + Json.reason(malformed), "a JSON object"));
        }
        return answer(e, headers, request, FieldProblem.of("body", null, "is missing or not JSON", "a JSON object"));
    }

    private @Nullable ResponseEntity<Object> answer(
            Exception e, HttpHeaders headers, WebRequest request, FieldProblem... problems) {
        String detail = Arrays.stream(problems)
                .map(problem -> problem.field() + " " + problem.problem())
                .collect(Collectors.joining("; "));
        ProblemDetail problem =
                ProblemException.problem(HttpStatus.BAD_REQUEST, "bad-field", detail, List.of(problems));
        return handleExceptionInternal(e, problem, headers, HttpStatus.BAD_REQUEST, request);
    }

    /** A problem is sent whatever the client accepts: a second error about that would not help. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpHeaders all = new HttpHeaders();
        all.addAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (body instanceof ProblemDetail document) {
            Problem.name(document, status);
        }
        return new ResponseEntity<>(body, all, status);
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining("", "$", ""));
    }

    /** In the words of JSON: a name of Java's, such as "a instant" or "a long", tells a client nothing. */
    private static String accepted(@Nullable Class<?> type) {
        if (type == null) {
            return "accepted here";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(Object::toString)
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == UUID.class) {
            return "a UUID, as in 019ab2f4-7c1e-7000-8000-0123456789ab";
        }
        if (type == Instant.class) {
            return "a time, as in 2026-11-28T04:00:00Z";
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (WHOLE_NUMBERS.contains(type)) {
            return "a whole number";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class) {
            return "a number";
        }
        return Iterable.class.isAssignableFrom(type) || type.isArray() ? "a JSON array" : "a JSON object";
    }
}
