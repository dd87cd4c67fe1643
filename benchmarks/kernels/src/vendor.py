# The ceilings by the vendor's library: products of f16 and of f32 (TF32 off), and a copy
# on the device. Prints one line of JSON; a reason instead where there is no CUDA.
import json
import sys

m, n, k = (int(side) for side in sys.argv[1:4])
try:
    import torch
except ImportError:
    print(json.dumps({"missing": "PyTorch is not installed"}))
    sys.exit()
if not torch.cuda.is_available():
    print(json.dumps({"missing": "PyTorch finds no CUDA device"}))
    sys.exit()
torch.backends.cuda.matmul.allow_tf32 = False


def fastest(run, times):
    run()
    torch.cuda.synchronize()
    best = float("inf")
    for _ in range(times):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        run()
        end.record()
        torch.cuda.synchronize()
        best = min(best, start.elapsed_time(end) / 1e3)
    return best


def product(kind):
    # Entries as the protocol's: whole numbers of nine bits.
    a = torch.randint(-256, 256, (m, k), device="cuda").to(kind)
    b = torch.randint(-256, 256, (k, n), device="cuda").to(kind)
    return 2 * m * n * k / fastest(lambda: torch.matmul(a, b), 10) / 1e9


data = torch.empty(1 << 30, dtype=torch.uint8, device="cuda")
other = torch.empty_like(data)
print(
    json.dumps(
        {
            "software": f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}",
            "device": torch.cuda.get_device_name(),
            "f16": product(torch.float16),
            "f32": product(torch.float32),
            "copy": 2 * data.numel() / fastest(lambda: other.copy_(data), 10) / 1e9,
        }
    )
)
