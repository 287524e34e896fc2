//! What PyTorch has no module for, in Python.

/// A class or function that stands before the network, if one of its layers needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Helper {
    AverageWindows,
    BlurPool,
    ChannelScale,
    PartialConv,
    ShiftedBatchNorm,
}

impl Helper {
    pub fn source(&self) -> &'static str {
        match self {
            Helper::AverageWindows => AVERAGE_WINDOWS,
            Helper::BlurPool => BLUR_POOL,
            Helper::ChannelScale => CHANNEL_SCALE,
            Helper::PartialConv => PARTIAL_CONV,
            Helper::ShiftedBatchNorm => SHIFTED_BATCH_NORM,
        }
    }
}

const AVERAGE_WINDOWS: &str = r#"

def average_windows(x, size, stride, dilation):
    """The mean of each window of a pooling with dilation."""
    n, c, h, w = x.shape
    windows = F.unfold(x.reshape(n * c, 1, h, w), size, dilation=dilation, stride=stride)
    rows = (h - dilation[0] * (size[0] - 1) - 1) // stride[0] + 1
    return windows.mean(1).reshape(n, c, rows, -1)
"#;

const BLUR_POOL: &str = r#"

class BlurPool2d(nn.Module):
    """A binomial blur, then a stride. Zhang, arXiv:1904.11486."""

    def __init__(self, channels, taps, stride):
        super().__init__()
        self.channels, self.taps, self.stride = channels, taps, stride
        row = torch.ones(1)
        for _ in range(taps - 1):
            row = F.pad(row, (0, 1)) + F.pad(row, (1, 0))
        kernel = torch.outer(row, row) / row.sum() ** 2
        self.register_buffer("kernel", kernel.repeat(channels, 1, 1, 1), persistent=False)

    def forward(self, x):
        before, after = (self.taps - 1) // 2, self.taps // 2
        x = F.pad(x, (before, after, before, after), mode="reflect")
        return F.conv2d(x, self.kernel, stride=self.stride, groups=self.channels)
"#;

const CHANNEL_SCALE: &str = r#"

class ChannelScale(nn.Module):
    """A coefficient and a bias for each channel. LeCun et al., Proc. IEEE 86(11), 1998."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return self.weight * x + self.bias
"#;

const PARTIAL_CONV: &str = r#"

class PartialConv2d(nn.Module):
    """A convolution of which each output channel sees the input channels given for it."""

    def __init__(self, connections, kernel, **options):
        super().__init__()
        self.connections = connections
        self.parts = nn.ModuleList(nn.Conv2d(len(seen), 1, kernel, **options) for seen in connections)

    def forward(self, x):
        parts = zip(self.parts, self.connections)
        return torch.cat([part(x[:, seen]) for part, seen in parts], dim=1)
"#;

const SHIFTED_BATCH_NORM: &str = r#"

class ShiftedBatchNorm2d(nn.Module):
    """Batch normalisation that learns a shift, but no scale."""

    def __init__(self, channels, eps):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, eps=eps, affine=False)
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return self.norm(x) + self.bias
"#;
