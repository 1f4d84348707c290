package io.drover.api;

import io.drover.intake.HookBody;
import io.drover.json.ContentType;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import io.drover.problem.Problem;
import io.drover.task.BodyPace;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProblems;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** A request whose body is read up to a limit, inflated, and in its charset. */
final class BoundedRequest extends HttpServletRequestWrapper {

    private final ContentCodings codings;
    private final int max;
    private final RequestRoom room;
    private final BodyPace pace = new BodyPace();
    private @Nullable ServletInputStream body;

    BoundedRequest(HttpServletRequest request, ContentCodings codings, int max, IntakeRoom room) {
        super(request);
        this.codings = codings;
        this.max = max;
        this.room = new RequestRoom(room, caller(request));
    }

    /** Whose room it takes; the probes, which anybody may ask, share one. */
    static String caller(HttpServletRequest request) {
        return Objects.requireNonNullElse(request.getRemoteUser(), "callers without a login");
    }

    static ProblemException tooLarge(int max) {
        return ProblemException.of(TaskProblems.bodyTooLarge(max));
    }

    RequestRoom room() {
        return room;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            ServletInputStream raw = super.getInputStream();
            BoundedStream bounded = new BoundedStream(raw, raw, this);
            try {
                body = codings.isNone() ? bounded : new BoundedStream(codings.inflated(bounded), raw, this);
            } catch (IOException e) {
                throw refused(e);
            }
        }
        return body;
    }

    /**
     * The body as text, in the charset of its type; the container would replace bytes that are not in it.
     * A refused body is empty here, because Camel answers every exception with 500.
     * {@link Problem#ATTRIBUTE} holds the reason, and the hook answers with it before its first step.
     */
    @Override
    public BufferedReader getReader() {
        ContentType type = ContentType.of(getHeader(HttpHeaders.CONTENT_TYPE));
        String text = "";
        try {
            text = TextReader.read(getInputStream().readAllBytes(), type);
            text = HookBody.forCamel(text, type);
            if (HookBody.isJsonAsForm(text, type)) {
                refuse(HookBody.jsonAsForm());
            }
            setAttribute(HookBody.TEXT, text);
        } catch (UnreadableTextException e) {
            refuse(TaskProblems.unreadable(e, TextReader.knows(type)));
        } catch (IllegalArgumentException e) {
            refuse(HookBody.noForm());
        } catch (IOException | ProblemException e) {
            if (getAttribute(Problem.ATTRIBUTE) == null) { // it was broken off
                refuse(TaskProblems.notText());
            }
        }
        return new BufferedReader(new StringReader(getAttribute(Problem.ATTRIBUTE) == null ? text : ""));
    }

    private void refuse(Problem problem) {
        setAttribute(Problem.ATTRIBUTE, problem);
    }

    /**
     * The rest of the body cannot be read.
     * The reason reaches the client even if Camel swallows the exception.
     */
    IOException refused(IOException e) {
        if (codings.isNone() || !(e instanceof ZipException || e instanceof EOFException)) {
            return e;
        }
        ProblemException refusal = ProblemException.of(TaskProblems.unreadable(
                new IOException("it is not what Content-Encoding '%s' says"
                        .formatted(codings.inOrder().getFirst())),
                true));
        refuse(refusal.problem());
        throw refusal;
    }

    ProblemException refusedAsTooLarge() {
        ProblemException refusal = tooLarge(max);
        refuse(refusal.problem());
        return refusal;
    }

    /**
     * Counts the bytes that came.
     *
     * @throws ProblemException if the rest does not come
     */
    void came(int bytes) {
        Problem tooSlow = pace.came(bytes);
        if (tooSlow != null) {
            refuse(tooSlow);
            throw ProblemException.of(tooSlow);
        }
    }

    int max() {
        return max;
    }

    private boolean isHidden(String header) {
        return !codings.isNone()
                && (header.equalsIgnoreCase(HttpHeaders.CONTENT_ENCODING)
                        || header.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH));
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isHidden(name) ? null : HeaderText.of(super.getHeader(name));
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHidden(name)
                ? Collections.emptyEnumeration()
                : Collections.enumeration(Collections.list(super.getHeaders(name)).stream()
                        .map(HeaderText::of)
                        .toList());
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isHidden(name))
                .toList());
    }

    @Override
    public int getContentLength() {
        return codings.isNone() ? super.getContentLength() : -1;
    }

    @Override
    public long getContentLengthLong() {
        return codings.isNone() ? super.getContentLengthLong() : -1;
    }
}
