package io.drover.console;

import io.drover.who.Actor;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** The API's problems as pages, for who reads pages; others get the API's document. */
@ControllerAdvice(basePackageClasses = Frame.class)
@ConditionalOnWebApplication
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemPages {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemPages.class);

    private final Frame frame;

    ProblemPages(Frame frame) {
        this.frame = frame;
    }

    @ExceptionHandler(
            exception = {
                DataAccessResourceFailureException.class,
                TransientDataAccessException.class,
                CannotCreateTransactionException.class
            },
            produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView databaseAway(Exception e, Actor actor) {
        LOG.warn("answered 503: {}", e.getMessage());
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The database does not answer, or took too long. The change may or may not have been made: check, then try again.",
                actor);
    }

    @ExceptionHandler(exception = TypeMismatchException.class, produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView notAccepted(TypeMismatchException e, Actor actor) {
        return problem(HttpStatus.BAD_REQUEST, "'%s' is not accepted here".formatted(e.getValue()), actor);
    }

    @ExceptionHandler(exception = Exception.class, produces = MediaType.TEXT_HTML_VALUE)
    ModelAndView any(Exception e, Actor actor) {
        if (e instanceof ErrorResponse answer) {
            return problem(
                    answer.getStatusCode(), String.valueOf(answer.getBody().getDetail()), actor);
        }
        LOG.error("a page failed", e);
        return problem(
                HttpStatus.INTERNAL_SERVER_ERROR, "The page failed inside Drover; the log has the cause.", actor);
    }

    private ModelAndView problem(HttpStatusCode status, String detail, Actor actor) {
        HttpStatus known = HttpStatus.resolve(status.value());
        ModelAndView page = frame.page(
                "problem",
                actor,
                Map.of("title", known == null ? "Problem" : known.getReasonPhrase(), "detail", detail));
        page.setStatus(status);
        return page;
    }
}
