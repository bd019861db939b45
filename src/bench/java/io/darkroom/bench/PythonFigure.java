package io.darkroom.bench;

/**
 * Pictures per second of the engine and of a loop in Python.
 *
 * @param together pictures that are rendered at once
 * @param lanes lanes of the engine, and threads of Python's calls
 * @param pythonOnnxRuntime version of ONNX Runtime in Python
 * @param rounds number of rounds, whose medians are the figures
 * @param perSecond pictures per second of the engine
 * @param pythonPerSecond pictures per second of Python
 * @param ratio the engine over Python
 */
public record PythonFigure(
    String model,
    int together,
    int lanes,
    String pythonOnnxRuntime,
    int rounds,
    double perSecond,
    double pythonPerSecond,
    double ratio) {}
