package io.drover.start;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lists the files below a directory, in their order. */
public final class FilesBelow extends SimpleFileVisitor<Path> {

    private final Path directory;
    private final SortedMap<Path, BasicFileAttributes> files = new TreeMap<>();

    private FilesBelow(Path directory) {
        this.directory = directory;
    }

    /**
     * All of them, wherever links lead.
     * A link back to a folder above it leads to nothing new, and a file may be deleted meanwhile; neither hides the others.
     *
     * @throws IOException if a folder cannot be read: what it holds is not known, so it must not count as deleted
     */
    public static List<Path> of(Path directory) throws IOException {
        return List.copyOf(seen(directory).keySet());
    }

    /** The same, with what each looks like from outside. */
    public static SortedMap<Path, BasicFileAttributes> seen(Path directory) throws IOException {
        FilesBelow found = new FilesBelow(directory);
        Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, found);
        return found.files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        files.put(file, attributes);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        boolean isGone = failure instanceof NoSuchFileException && !file.equals(directory);
        if (isGone || failure instanceof FileSystemLoopException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
