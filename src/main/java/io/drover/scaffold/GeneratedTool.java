package io.drover.scaffold;

import java.util.List;

/**
 * The files of one tool.
 *
 * @param operation as a message names it, such as {@code GET /pets}
 * @param schemas   of its arguments; none if it takes none
 */
record GeneratedTool(String operation, NewFile route, List<NewFile> schemas) {}
