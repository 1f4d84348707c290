package io.drover.guard;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * A body that is read up to a limit, and only while a caller waits for it.
 * A body that is not read to its end costs its connection: the rest is never read.
 */
final class BoundedBody extends FilterInputStream {

    /** What the owner of a body decides. */
    interface Reader {

        /** Whether no caller waits for the body any more. */
        boolean isGone();

        /** The failure of a body that is too long. */
        IOException tooLong();

        /** Closes the connection. */
        void disconnect();
    }

    private final Reader reader;
    private long left;
    private long expected;
    private boolean ended;
    private boolean closed;

    /** @param length of the body, or a negative number where it is not known */
    BoundedBody(InputStream body, long length, long max, Reader reader) {
        super(body);
        this.expected = length;
        this.ended = length == 0;
        this.left = max;
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (reader.isGone() || Thread.currentThread().isInterrupted()) {
            reader.disconnect();
            throw new InterruptedIOException("the rest of the answer is not read, because its call has ended");
        }
        int n = in.read(buffer, offset, (int) Math.min(length, left + 1));
        if (n < 0) {
            ended = true;
        } else {
            left -= n;
            expected -= n;
            ended |= expected == 0; // Camel reads as far as Content-Length, and does not ask whether that is all
        }
        if (left < 0) {
            reader.disconnect();
            throw reader.tooLong();
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, n))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (ended) {
            in.close();
        } else {
            reader.disconnect();
        }
    }
}
