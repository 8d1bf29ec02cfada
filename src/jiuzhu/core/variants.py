"""Variant characters of names: one name written in several ways, brought to one form for comparing."""

# Ways in which one name is written: traditional and simplified, variants of the registers, and pairs that the second
# scheme of simplification (1977-1986) left in household registers (傅/付, 萧/肖, 阎/闫). Each maps to the second.
_VARIANTS = (
    "蘭兰 𠮷吉 張张 陳陈 劉刘 楊杨 黃黄 趙赵 吳吴 孫孙 馬马 許许 鄭郑 謝谢 韓韩 馮冯 鄧邓 葉叶 蘇苏 盧卢 蔣蒋 賈贾 "
    "鍾钟 鐘钟 陸陆 範范 龔龚 閆阎 閻阎 闫阎 蕭肖 萧肖 傅付 戴代 邱丘 呂吕 顧顾 賀贺 龍龙 萬万 錢钱 湯汤 喬乔 賴赖 "
    "齊齐 莊庄 嚴严 華华 麗丽 鳳凤 國国 紅红 雲云 靜静 偉伟 強强 傑杰 軍军 鋒锋 輝辉 煇辉 燿耀 曉晓 瑩莹 飛飞 寶宝 "
    "貴贵 榮荣 蓮莲 愛爱 慶庆 東东 衛卫 聖圣 順顺 興兴 義义 憲宪 學学 書书 長长 遠远 達达 連连 進进 運运 鵬鹏 鴻鸿 "
    "鶴鹤 鳴鸣 魯鲁 潔洁 濤涛 滿满 漢汉 澤泽 淵渊 瀟潇 燦灿 煥焕 熒荧 烏乌 爲为 為为 維维 綱纲 經经 緒绪 純纯 紹绍 "
    "細细 績绩 繼继 織织 絢绚 縣县 聰聪 職职 膚肤 蔭荫 藝艺 藍蓝 薩萨 蘊蕴 虛虚 訓训 詠咏 詩诗 誠诚 語语 諾诺 謙谦 "
    "譽誉 賢贤 賓宾 贊赞 輕轻 農农 邁迈 鄰邻 釗钊 鈞钧 銀银 銘铭 銳锐 鋼钢 錦锦 鎮镇 鏡镜 鐵铁 開开 閔闵 關关 陽阳 "
    "隨随 雙双 霧雾 韻韵 頌颂 顯显 風风 騰腾 驍骁 驛驿 黨党 髙高 昇升 陞升 喆哲 堃坤 甯宁 寧宁 峯峰 邨村 喦岩 巖岩 "
    "嵒岩 崑昆 崙仑 仝同 栢柏 樑梁 棟栋 樹树 權权 歡欢 歲岁 淸清 淨净 溫温 煕熙 熈熙 犇奔 瑠琉 璽玺 產产 畢毕 異异 "
    "盡尽 眞真 祿禄 禎祯 禮礼 穎颖 積积 竝并 並并 節节 笵范 倫伦 儀仪 億亿 優优 儷俪 冨富 凈净 劍剑 勝胜 勳勋 勛勋 "
    "勵励 區区 單单 嘯啸 壯壮 壽寿 夢梦 奮奋 嬌娇 嫺娴 嫻娴 孌娈 寬宽 實实 審审 將将 尋寻 對对 導导 岡冈 島岛 嶺岭 "
    "帥帅 師师 幹干 庫库 廣广 彥彦 徑径 從从 憶忆 應应 懷怀 戀恋 戰战 揚扬 攬揽 數数 時时 晉晋 暉晖 曄晔 會会 來来 "
    "氣气 湧涌 滄沧 潤润 瀾澜 灝灏"
)
_PAIRS = {pair[0]: pair[1] for pair in _VARIANTS.split()}

# What PostgreSQL's translate() takes to write a name in its plain form.
VARIANT_FROM = "".join(_PAIRS)
VARIANT_TO = "".join(_PAIRS.values())
_TABLE = str.maketrans(_PAIRS)


def plain_name(name: str) -> str:
    """The name with variant characters brought to one form; only for comparing, never stored."""
    return name.casefold().translate(_TABLE)
