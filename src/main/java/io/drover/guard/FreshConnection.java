package io.drover.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of an HTTP client that can be asked without waiting whether it can be used again.
 * The library's own check waits for a millisecond whether the server says something, which is too long for each call.
 * That check also accepts a connection on which the server has said something unasked.
 * Some servers send the status 408 before they close.
 * It would be read as the answer to the next request.
 */
final class FreshConnection extends DefaultManagedHttpClientConnection {

    private static final DefaultHttpRequestWriterFactory WRITERS =
            new DefaultHttpRequestWriterFactory(HttpHeads.LIMITS);
    private static final DefaultHttpResponseParserFactory PARSERS =
            new DefaultHttpResponseParserFactory(HttpHeads.LIMITS);
    private static final AtomicLong COUNT = new AtomicLong();

    private final Answers answers;

    FreshConnection() {
        this(new Answers(PARSERS.create()));
    }

    private FreshConnection(Answers answers) {
        super(
                "drover-" + COUNT.incrementAndGet(),
                null,
                null,
                HttpHeads.LIMITS,
                null,
                null,
                WRITERS,
                config -> answers);
        this.answers = answers;
    }

    /** Reads the heads of answers, and so knows what was received and not read. */
    private static final class Answers implements HttpMessageParser<ClassicHttpResponse> {

        private final HttpMessageParser<ClassicHttpResponse> parser;
        private @Nullable SessionInputBuffer received;

        Answers(HttpMessageParser<ClassicHttpResponse> parser) {
            this.parser = parser;
        }

        @Override
        public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
            received = buffer;
            return parser.parse(buffer, in);
        }

        boolean isAnyLeft() {
            return received != null && received.length() > 0;
        }
    }

    @Override
    public boolean isStale() throws IOException {
        SocketHolder socket = getSocketHolder();
        if (socket == null || answers.isAnyLeft()) {
            return true;
        }
        SocketChannel channel = socket.getBaseSocket().getChannel();
        return channel == null ? super.isStale() : !isQuiet(channel); // a SOCKS proxy's socket has none
    }

    /** Whether it is open, and the server has said nothing since its last answer. */
    private static boolean isQuiet(SocketChannel channel) {
        try {
            channel.configureBlocking(false);
            int read = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException | IllegalBlockingModeException e) { // it is closed, or in use
            return false;
        }
    }
}
