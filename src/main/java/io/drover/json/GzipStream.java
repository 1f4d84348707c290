package io.drover.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;

/** Inflates what is compressed by gzip, all of its members. */
public final class GzipStream {

    private GzipStream() {}

    /** @throws IOException if it does not begin as gzip does */
    public static InputStream of(InputStream compressed) throws IOException {
        return new GZIPInputStream(new Members(compressed));
    }

    /**
     * The JDK takes the end of a member for the end of all if no byte is available by then.
     * On a network the next member may only be late, and would be dropped without an error.
     */
    private static final class Members extends PushbackInputStream {

        Members(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            int next = read();
            if (next < 0) {
                return 0;
            }
            unread(next);
            return Math.max(1, super.available());
        }
    }
}
