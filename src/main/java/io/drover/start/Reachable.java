package io.drover.start;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Whether a server accepts connections. */
final class Reachable {

    private Reachable() {}

    /** @param address {@code host:port} */
    static boolean accepts(String address, int patienceMillis) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            int port = Integer.parseInt(address.substring(colon + 1));
            String host = address.substring(0, Math.max(0, colon))
                    .replaceFirst("^.*//", "")
                    .replaceAll("[\\[\\]]", "");
            socket.connect(new InetSocketAddress(host, port), patienceMillis);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }
}
