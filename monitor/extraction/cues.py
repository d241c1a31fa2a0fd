"""Words by which pages announce furniture, in the languages of the shipped sources: tables only."""
# ruff: noqa: E501 – a table reads best with a family of languages a line

import re
from functools import cached_property

__all__ = [
    "ADDRESS",
    "BYLINE",
    "CALL",
    "CHANNEL",
    "COMMENTS",
    "CONSENT",
    "CREDIT",
    "FOOT",
    "KICKER",
    "MISSING",
    "NOTICE",
    "PAGER",
    "PAYWALL",
    "PICTURED",
    "RELATED",
    "RIGHTS",
    "SIGN_OFF",
]


class Cues:
    """A pattern in small letters, for texts in any.

    It is compiled when first used (that takes long, and most commands never read a page), and small
    letters are matched in lowered text: that is much faster than the engine's own IGNORECASE.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def match(self, text: str) -> re.Match[str] | None:
        """The cue at the beginning of the text."""
        return self._compiled.match(_lowered(text))

    def search(self, text: str) -> re.Match[str] | None:
        """The first cue anywhere in the text."""
        return self._compiled.search(_lowered(text))


def _lowered(text: str) -> str:
    """In small letters and of the same length, so that a match's place is its place in the text."""
    lowered = text.replace("İ", "i").lower()
    return lowered if len(lowered) == len(text) else text


def _starts(*lines: str) -> Cues:
    """Cues at the start of a paragraph, after bullets and arrows, where no letter follows."""
    return Cues(r"[\W_]*(?:" + "|".join(lines) + r")(?!\w)")


RELATED = _starts(
    # en
    r"related(?: (?:stor(?:y|ies)|articles?|news|posts?|topics?|content|coverage|reading|links?|videos?|items?))?",
    r"(?:also|must|don.t miss|click here to) read|read (?:more|also|next|on|this|the full (?:story|article))|see also|see more",
    r"more (?:on this(?: story)?|on|from|stories|news|like this|top stories|headlines|coverage|about this)",
    r"most (?:read|popular|viewed|shared|watched)|recommended(?: (?:for you|stories|articles|reading))?",
    r"you (?:may|might)(?: also)? (?:like|be interested in|enjoy)|don.t miss|trending(?: now)?|popular(?: now| stories)?",
    r"latest (?:news|stories|headlines|updates)|top stories|top news|in other news|further reading|up next",
    r"what to read next|editor.?s.? picks?|keep reading|continue reading|advertisements?|story continues below|(?:skip past|after) newsletter promotion",
    r"scroll (?:down )?to continue|watch(?: now| also| more|:| the video)|listen(?: now|:)|photo gallery|in pictures:",
    # de
    r"lesen sie (?:auch|mehr|dazu|hier)|mehr (?:zum thema|dazu|lesen|nachrichten|news|von|aus)|auch interessant|lesetipps?",
    r"das könnte (?:sie|dich|ihnen)(?: auch)? \w+|meist ?gelesen|zum thema|weiterlesen|weitere (?:artikel|meldungen|nachrichten|themen)",
    # fr, es, pt, it, ro, ca
    r"(?:à|a) (?:lire|voir) (?:aussi|également)|à la une|lire (?:aussi|également|la suite|plus)|sur le même (?:sujet|thème)|voir aussi",
    r"les plus lus|lee (?:también|además|más)|lea además|vea (?:también|además)|(?:le|te|les) recomendamos|articles? (?:liés|similaires|recommandés|connexes)|lea? también|lea? más|leer (?:más|también)|ver también",
    r"(?:te|le|también) puede interesar|también (?:te|le) puede interesar|más (?:noticias|información|sobre|leíd[ao]s|en)",
    r"noticias? relacionadas?|relacionad[oa]s|sigue leyendo|leia (?:também|mais)|veja (?:também|mais)|saiba mais|mais (?:lidas|notícias|sobre)",
    r"notícias relacionadas|leggi anche|leggi (?:di più|tutto|l.articolo)|(?:ti |vi )?potrebbe(?:ro)? interessar\w+|articoli correlati|correlati",
    r"i più letti|vedi anche|cite[sșş]te (?:și|şi|si|mai)\w*|vezi (?:și|şi|si)|articole similare|llegiu també",
    # nl, sv, no, da, fi, is
    r"lees (?:ook|meer|verder)|bekijk ook|meer (?:over|nieuws|van)|gerelateerd\w*|meest gelezen|läs (?:också|även|mer)|les (?:også|mer)",
    r"læs (?:også|mere)|relaterat|mest (?:lest|läst|læst|lästa)|se også|se mer|lue (?:myös|lisää)|katso myös|luetuimmat|lestu (?:einnig|meira)",
    # pl, cs, sk, hu, sr, hr, sl, lt, lv, et, sq
    r"(?:prze)?czytaj (?:też|także|również|więcej|dalej)|zobacz (?:też|także|również|więcej)|polecamy|powiązane|najczęściej czytane",
    r"čtěte (?:také|dále|i|více)|přečtěte si|související|mohlo by vás zajímat|nejčtenější|čítajte (?:aj|tiež|viac)|prečítajte si|súvisiace",
    r"olvass\w* (?:el|tovább|még|is)|kapcsolódó(?: cikk\w*)?|ez is érdekelhet\w*|legolvasottabb\w*|pročitajte? (?:i|još|više)|povezane? (?:vijesti|vesti)",
    r"preberite (?:še|tudi)|skaitykite (?:taip pat|daugiau)|lasi arī|lasiet arī|loe (?:ka|lisaks|veel)|lexo edhe|lexoni edhe",
    # tr, id, ms, vi, tl, sw
    r"ayrıca (?:okuyun|bakınız)|ilgili haber\w*|bunlar da ilginizi \w+|daha fazla oku|baca (?:juga|selengkapnya|lagi)|(?:berita|artikel) terkait",
    r"lihat juga|simak juga|pilihan redaksi|terpopuler|xem thêm|đọc thêm|tin (?:liên quan|cùng)|bài liên quan|basahin din|soma pia",
    # ru, uk, bg, sr, be, kk
    r"читайте(?: также| ещ[её]| далее| по теме| больше| на)|читать (?:также|далее|ещ[её])|материалы по теме|по теме|смотрите также|также по теме",
    r"похожие (?:материалы|новости|статьи)|популярное|другие новости|подробнее|ещ[её] по теме|рекомендуем|главные новости|новости партн[её]ров",
    r"читайте (?:також|ще|більше)|читати (?:також|далі|ще)|до теми|за темою|більше по темі|дивіться також|популярне|схожі новини",
    r"прочетете (?:още|също)|още по темата|свързани|вижте (?:още|също)|прочитајте (?:и|још)|чытайце таксама|оқи отырыңыз",
    # el, hy, ka
    r"διαβ[άα]στε (?:επ[ίι]σης|ακ[όο]μη|ακ[όο]μα|περισσ[όο]τερα|εδ[ώω])|δε[ίι]τε (?:επ[ίι]σης|ακ[όο]μη|ακ[όο]μα)|σχετικά (?:άρθρα|νέα)|կարդացեք նաև|ასევე წაიკითხეთ",
    # ar, fa, ur, he
    r"[اإ]قر[أا] أيض[اًا]+|[اإ]قر[أا] (?:المزيد|كذلك)|(?:مواضيع|أخبار|موضوعات) (?:ذات صلة|متعلقة)|ذات صلة|شاهد أيض[اًا]+|الأكثر قراءة|قد يهمك\w*",
    r"طالع أيض[اًا]+|المزيد من|بیشتر بخوانید|(?:اخبار|مطالب) مرتبط|همچنین بخوانید|مطالب پیشنهادی|مزید پڑھیں|یہ بھی پڑھیں|متعلقہ خبریں",
    r"קראו (?:גם|עוד)|קרא (?:גם|עוד)|עוד בנושא|כתבות נוספות|אולי יעניין \w+",
    # hi, mr, bn, ta, te, gu, ml
    r"(?:यह|ये|इसे) भी पढ़ें|यह भी देखें|और पढ़ें|संबंधित ख़?बरें|हेही वाचा|আ(?:র|ৰ)(?:ও|ো) প(?:ড়|ড়)ুন|আরো পড়ুন|இதையும் படி\w*|மேலும் படிக்க|ఇది కూడా చదవండి|આ પણ વાંચો|ഇതും വായിക്കു\w*",
    # th
    r"อ่านเพิ่มเติม|ข่าวที่เกี่ยวข้อง|อ่านข่าว|ข่าวอื่น",
    # zh, ja, ko
    r"(?:相关|相關)(?:阅读|閱讀|新闻|新聞|文章|报道|報導|链接|主題)?|延伸(?:阅读|閱讀)|(?:推荐|推薦)(?:阅读|閱讀|文章)|(?:阅读|閱讀)更多|看更多|猜你喜[欢歡]|热门\w*|熱門\w*|更多(?:新闻|新聞|内容|文章|精彩\w*)",
    r"関連(?:記事|ニュース|リンク|トピックス|キーワード|タグ|情報)|【関連(?:記事)?】|あわせて読みたい|合わせて読みたい|こちらも\w*|おすすめ(?:記事)?|人気(?:記事|ランキング)|アクセスランキング|続きを読む|もっと見る",
    r"관련\s?(?:기사|뉴스|글|영상)|함께 (?:볼만한|읽을\w*) 기사|추천\s?(?:기사|뉴스)|많이 본 (?:기사|뉴스)|인기\s?(?:기사|뉴스)|더\s?보기|이 시각 \w+|주요\s?뉴스|실시간 \w+",
)

PAGER = _starts(
    r"prev(?:ious)?(?: (?:article|post|story|entry|page|news))?|next(?: (?:article|post|story|entry|page|up|news))?",
    r"(?:newer|older) (?:posts?|articles?|stories)|vorherige[rs]?(?: (?:artikel|beitrag))?|nächste[rs]?(?: (?:artikel|beitrag))?",
    r"(?:article )?(?:précédent|suivant)|(?:artículo |entrada |noticia )?(?:anterior|siguiente)|(?:artigo |notícia |post )?próxim[ao]",
    r"(?:articolo )?(?:precedente|successivo)|(?:vorig|volgend)e?(?: (?:artikel|bericht))?|föregående|nästa(?: artikel)?|forrige|neste|næste",
    r"edellinen|seuraava|poprzedni[ae]?|następn[ya]|předchozí(?: článek)?|další(?: článek)?|predchádzajúci|ďalší|előző(?: cikk)?|következő(?: cikk)?",
    r"предыдущ(?:ая|ий|ее)(?: \w+)?|следующ(?:ая|ий|ее)(?: (?:статья|новость|материал|запись))?|попередн(?:я|ій)(?: \w+)?|наступн(?:а|ий)(?: \w+)?",
    r"(?:المقال |الخبر )?(?:السابق|التالي)|(?:مطلب )?(?:قبلی|بعدی)|הקודם|הבא|önceki(?: \w+)?|sonraki(?: \w+)?|sebelumnya|selanjutnya|bài trước|bài tiếp",
    r"上一[篇则條条頁页]|下一[篇则條条頁页]|前の記事|次の記事|이전\s?(?:기사|글)|다음\s?(?:기사|글)|이전|다음",
)

FOOT = _starts(
    r"©|\(c\) ?\d{4}|copyright|ⓒ|저작권자|版权(?:所有|声明)|版權所有|著作権|無断転載|all rights reserved|alle rechte vorbehalten|tous droits réservés",
    r"todos los derechos|todos os direitos|tutti i diritti|все права защищены|усі права|جميع الحقوق|کلیه حقوق|tüm hakları|hak cipta|wszelkie prawa",
    r"follow (?:us|the|[\w.@’' -]{1,40}? on)|subscribe(?: to| now)?|sign up|join (?:our|us|the conversation)|download (?:the|our)|get (?:the latest|our|more)|support (?:our|us)",
    r"\(?(?:additional |with )?(?:reporting|writing|editing) by|\(?with (?:inputs?|files|agency inputs|additional reporting) (?:from|by)|disclaimer|disclosure|our standards|this (?:story|article) (?:was|has been|first|originally)|read the original|for more (?:news|stories)",
    r"like us on|find us on|have (?:a|your) (?:news )?tip|got a (?:news )?tip|contact us|leave a (?:comment|reply)|post a comment|comments?|view comments|show comments",
    r"share(?: this)?(?: \w+)?|copy (?:link|url)|save(?: (?:article|story|for later))?|bookmark|gift this article|(?:text|font) size|listen to (?:this )?(?:article|story)|(?:estimated )?read(?:ing)? time|add [\w’' -]{1,30} on google|tags?|topics?|filed under|categor(?:y|ies)|keywords?|print|e-?mail this|report an? (?:error|typo)|about the author|newsletters?",
    r"folgen sie|abonnieren sie|newsletter|teilen|kommentare?|schlagwort\w*|suivez|abonnez|inscrivez|partager|commentaires?|síguenos|suscríb\w+|comparte|compartir|etiquetas|comentarios",
    r"siga|assine|inscreva|compartilh\w+|seguici|iscriviti|condividi|commenti|volg ons|deel(?: dit)?|reacties|dela|del(?: på)?|jaa|udostępnij|komentarze|sdílet|diskuse",
    r"подпи(?:сывайтесь|шитесь)|подписаться|поделиться|комментарии|теги|метки|підпис(?:уйтесь|атися)|поділитися|коментарі|теги|абонирай\w*|коментари",
    r"تابعنا|تابعونا|اشترك|شارك|التعليقات|الكلمات المفتاحية|ما را|برچسب\w*|نظرات|עקבו|שתפו|תגובות|takip edin|paylaş|yorumlar|etiketler|ikuti|bagikan|komentar",
    r"theo dõi|chia sẻ|bình luận|แชร์|แท็ก|标签|標籤|关键词|關鍵字|责任编辑|責任編輯|编辑[:：]|分享|评论|留言|シェア|ツイート|タグ|コメント|공유|댓글|태그|무단\s?전재|기자\s?구독|좋아요",
)

SIGN_OFF = _starts(
    r"©|copyright\s*(?:©|\(c\)|\d{4})|\(c\) ?\d{4}|ⓒ|저작권자|版权(?:所有|声明)|版權所有|無断転載|무단\s?전재|all rights reserved|disclaimer|disclosure[:：]|our standards",
    r"follow (?:us|[\w.@’' -]{1,40} on|[\w.’' ]{0,30}coverage)|subscribe (?:to|now|here)|sign up (?:to|for|here)|join (?:our|us|the conversation)|download (?:the [\w ]{0,25}app|our)|get (?:all )?(?:the )?(?:latest|breaking)",
    r"\(?(?:additional |with )?(?:reporting|writing|editing) by|edited by|\(?with (?:inputs?|files|agency inputs|additional reporting|reporting) (?:from|by)|contribut(?:ing|ors?)[:：]",
    r"this (?:story|article|piece) (?:was|has been|first|originally|is part of)|read the original|for (?:more|all the latest|the latest) (?:news|stories|updates)|stay (?:tuned|updated|informed|up to date)",
    r"like us on|find us on|have (?:a|your) (?:news )?tip|do you have a|got a (?:news )?tip|contact us|leave a (?:comment|reply)|post a comment|listen to this (?:article|story)|add [\w’' -]{1,30} on google|report an? (?:error|typo)",
    r"support (?:our|us|independent|.{1,30} or become)|\(?except for the headline|find more (?:of|stories)|click here|about the author|(?:catch|check out|dive into) (?:all )?the latest|you can (?:follow|listen|watch|read) ",
    r"folgen sie|abonnieren sie|melden sie sich|mit material (?:von|der)|über dieses thema (?:berichtete|haben)|dieses thema im programm|dieser (?:artikel|beitrag|text) (?:erschien|ist zuerst|wurde)",
    r"suivez(?:-nous)?|abonnez|inscrivez|retrouvez (?:tou|nos|l.ensemble|notre)|cet article (?:a été|est)|síguenos|suscríb\w+|sigue (?:toda|las|el canal|nuestr)|puedes seguir|recibe (?:las|en)|con información de|siga (?:o|a|nos)|assine",
    r"inscreva|acompanhe|clique (?:aqui|e)|receba (?:as|em|no)|com informações d\w+|seguici|iscriviti|resta (?:aggiornato|sempre)|riproduzione riservata|volg ons|abonneer|meld je aan|dziękujemy,? że|bądź na bieżąco|obserwuj nas|zapisz się",
    r"подпи(?:сывайтесь|шитесь)|читайте нас|следите за (?:нашими|новостями)|присоединяйтесь|підпис(?:уйтесь|атися)|стежте за|приєднуйтесь до|підтримайте|абонирай\w*|последвайте|sledujte n[áa]s|přihlaste se|kövess\w*|iratkozz\w*|urmări(?:ți|ţi)-ne|urmărește-ne",
    r"تابعنا|تابعونا|للاشتراك|اشترك في (?:قناتنا|نشرتنا)|עקבו|הצטרפו|takip edin|abone ol\w*|haberin devamı|ikuti (?:kami|berita|saluran|terus)|gabung|dapatkan (?:berita|update)|simak (?:berita|terus)|theo dõi (?:chúng tôi|kênh|fanpage|trang)|mời (?:bạn|độc)",
    r"责任编辑|責任編輯|编辑[:：]|(?:更多.{0,10}(?:请|敬请)关注|关注(?:我们|微信)|扫(?:描|一扫)(?:二维码|下方|上方)).{0,40}|声明[:：]|【(?:免责)?声明】|기자\s?구독|구독하기|제보는|この記事|【読者|購読",
)
"""Last sentences of pages, in which they speak of themselves."""

BYLINE = _starts(
    r"by|from:|(?:written|reported|edited|compiled|posted|story|words|text|photos|pictures) by|author|von|text:|autor\w*|par|por|escrito por|di|a cura di|door|auteur|av|af|przez|od|autorzy?|szerző|de către",
    r"автор(?:ы)?|текст|подготовил\w*|źródło|kaynak|yazan|penulis|oleh|ผู้เขียน|كتب\w*|بقلم|نویسنده|מאת|记者|記者|文[:/／]|作者|기자|글",
    r"published|updated|posted|last (?:updated|modified)|veröffentlicht|aktualisiert|stand:|publié|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|опубликовано|обновлено",
)

CALL = _starts(
    r"(?:please |or |and |you can (?:also |now )?)?(?:follow (?:us|our|me|[\w@’'.-]+(?: [\w’'.-]+){0,4} on)|subscribe to|sign up (?:for|to)|join (?:us|our)|like us|find us|(?:click|tap) here to|never miss|register (?:for|to))",
    r"get (?:our|your|the|all|breaking news|news|updates|more \w+)|download (?:our|the [\w ]{1,25} app)|for (?:all (?:of )?the latest|the latest|more (?:news|stories|updates)|breaking news)|stay (?:up to date|updated|informed|connected|ahead|tuned)|keep up with",
    r"folgen sie|folgt? uns|abonnieren sie|melden sie sich|laden sie|jetzt (?:kostenlos|abonnieren|anmelden|folgen)|suivez(?:-nous| [\w’'-]+(?: [\w’'-]+){0,3} sur)|abonnez-vous|inscrivez-vous|téléchargez|recevez|retrouvez-nous|rejoignez-nous",
    r"síguenos|sigue (?:a|las|los|toda|todas|nuestr\w+)|suscríb\w+|únete|descarga (?:la|nuestra)|recibe|apúntate|siga (?:o|a|nos)|assine|inscreva-se|receba|baixe|clique aqui|participe d\w+|acompanhe|seguici|segui [\w’' -]{1,30} su|iscriviti|ricevi|scarica|unisciti",
    r"volg (?:ons|[\w’' -]{1,30} op)|abonneer|schrijf je|meld je|ontvang|śledź|zapisz się|obserwuj|dołącz|pobierz|subskrybuj|följ (?:oss|[\w’' -]{1,30} på)|prenumerera|anmäl dig|følg (?:oss|os|[\w’' -]{1,30} på)|abonner|tilmeld|meld deg|seuraa meitä|tilaa",
    r"sledujte|odebírejte|přihlaste se|kövess\w*|iratkozz\w*|urmăriți\w*|urmăreşte\w*|abonați\w*|ακολουθήστε|εγγραφείτε|ikuti|gabung|dapatkan|unduh|theo dõi|đăng ký|加入|关注|關注|訂閱|订阅|フォロー|구독",
    r"подписывайтесь|подпишитесь|подписаться|следите за|присоединяйтесь|скачайте|читайте нас|підписуйтес\w|підпишіться|стежте|приєднуйтес\w|долучайтес\w|абонирай\w*|последвайте|تابع(?:نا|ونا|وا)|اشترك\w*|انضم\w*|עקבו|הצטרפו",
)

CHANNEL = Cues(
    r"newsletter|in(?:to)? your (?:in|mail)?box|your inbox|whatsapp|telegram|facebook|twitter|instagram|youtube|tiktok|bluesky|mastodon|linkedin|google (?:news|notícias|noticias|haberler|actualités)|viber|\b(?:mobile )?app\b|app store|google play"
    r"|push-|e-?mail alerts?|breaking news alerts?|boletín|boletim|infolettre|nyhetsbrev|nieuwsbrief|uutiskirje|hírlevél|рассылк|розсилк|телеграм|вайбер|ватсап|viber|(?:канал|сторінк|страниц)\w* (?:в|у|на)\b|фейсбук|فيسبوك|تويتر|واتساب|تلغرام|تليجرام|قناتنا|टेलीग्राम|व्हाट्सऐप|फेसबुक|微信|微博|公众号",
)

KICKER = _starts(
    r"watch(?: live| video)?|listen(?: to)?|audio|podcast|(?:photo )?gallery|in pictures|pictures|opinion|analysis|explainers?|explained|fact[ -]check|read|more|previously|earlier|from (?:our|the) archives?|in case you missed it|icymi",
    r"trending(?: on [\w’' -]{1,30})?|top (?:stories|news)(?: (?:this|of the) \w+)?|interview|exclusive|live(?: updates| blog)?|quiz|timeline|editorial|must watch|breaking|videos?|im video|kommentar|interaktiv|lesetipp|bildstrecke|fotostrecke|meinung|hintergrund",
    r"(?:also )?check out|read this(?: also)?|also on [\w’' -]{1,20}|passend dazu|mehr aus [\w’' -]{1,20}|lea|lee|leia|leggi|lire|lees|läs|les|lue|czytaj|zobacz(?: wideo)?|čtěte|olvasd el(?: ezt is)?|διαβ[άα]στε|oku\w*|ilginizi çekebilir|karanta|soma",
    r"читайте|прочетете|вижте|прочитајте|погледајте|בנושא זה|קראו|ตามอ่าน|อ่านข่าวต้นฉบับ|อ่าน|写真|写真特集|動画|画像|図解|관련\s?영상",
    r"en (?:vidéo|images|direct)|vidéo|analyse|entretien|récit|reportage|opini[oó]n|an[aá]lisis|análise|entrevista|galer[ií]a|en vivo|mira|escucha|opinione|guarda|il video|видео|смотрите|мнение|відео|дивіться|бейне|فيديو|شاهد|بالفيديو|وידאו|视频|影片|動画|写真特集|영상|화보",
)

CREDIT = Cues(
    r"(?:photo(?:graph)?s?|picture|image|pic|foto\w*|bild\w*|fotograf\w*|kuva|crédits?|credits?|courtesy|bron|quelle|source|фото|зображення|사진|写真|图片?(?:来源)?|圖|صورة|الصورة|عکس)\s*(?:credit|courtesy|by|from|:|：|=|/|©|/)"
    r"|[\[(（【](?:[^\])）】]*(?:\b(?:flickr|reuters|afp|ap|epa|getty|tass|xinhua|yonhap|anadolu|dpa|ansa|efe|ritzau|ntb|tt|lehtikuva|pap|čtk|mti|shutterstock|alamy|unsplash|pixabay|wikimedia|wikipedia|creative commons|cc[ -]by|file photo|archive|handout|kcna|pool|photo|foto|фото)\b|사진|연합뉴스|写真|共同|時事|新华社|新華社|图)[^\])）】]*)[\])）】]\s*\.?$"
    r"|(?:getty images|/reuters|/afp|/ap|ap photo|reuters/|afp/|epa-efe|/epa|shutterstock|wikimedia commons|picture[ -]alliance|imago|/tass|/ria novosti)\b",
)

COMMENTS = Cues(
    r"\W*(?:\d+ (?:comments?|replies|responses|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|kommentarer|комментари\w+|коментар\w+|yorum)"
    r"|(?:comments?|leave a (?:comment|reply)|join the (?:conversation|discussion)|kommentare?|commentaires?|comentarios?|comentários|commenti|reacties|kommentarer|комментарии|коментарі|yorumlar|komentar|التعليقات|评论|評論|コメント|댓글)\W*\d*)\W*$",
)

PAYWALL = Cues(
    r"subscri(?:be|bers?|ption)|sign in to (?:read|continue)|log ?in to (?:read|continue)|already a (?:subscriber|member)|register (?:to|for free)|free trial|free (?:stories|articles) (?:left|remaining|this month)"
    r"|abonn|jetzt testen|weiterlesen mit|anmelden|réservé aux|suscr[ií]b|exclusivo para|assinante|assine|abbonat|abonnee|prenumer|подписк|оформите|підписк|購読|会員限定|有料会員|ログイン|구독|유료|订阅|訂閱|会员|會員|اشترك|مشترک|מנוי|abone|langganan",
)

CONSENT = Cues(
    r"before you continue|we (?:and our partners )?(?:use|value)[^.]{0,40}(?:cookies|privacy)|cookie (?:policy|settings|consent)|accept all|bevor sie fortfahren|avant d.accéder|antes de continuar|verify you are (?:a )?human"
    r"|checking your browser|just a moment|attention required|enable javascript|switch on javascript|javascript (?:is )?(?:disabled|required)|are you a robot|unusual traffic|access denied|captcha",
)

MISSING = Cues(
    r"^\W*(?:404|not found)\W*(?:$|[-–—|:·])|\b(?:(?:error|http|fehler|erreur|erro|ошибка)[ -]?404|404[ -]?(?:error|fehler|not found|page)|page not found"
    r"|page (?:does not|doesn.t) exist|no longer (?:available|exists)|seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada"
    r"|pagina non trovata|страница не найдена|сторінку не знайдено|strona nie istnieje|sayfa bulunamadı)\b|페이지를 찾을 수 없|ページが見つかりません|页面不存在|頁面不存在|الصفحة غير موجودة",
)

RIGHTS = Cues(
    r"all rights reserved|©|ⓒ|\(c\) ?\d{4}|copyright (?:\d{4}|the)|may not be (?:published|reproduced|republished)|alle rechte vorbehalten|tous droits réservés"
    r"|derechos reservados|direitos reservados|diritti riservati|все права защищены|усі права захищен|при использовании материалов|tüm hakları saklıdır|hak cipta dilindungi"
    r"|originally (?:published|appeared) (?:by|in|on|at)|(?:may|might) (?:earn|receive) (?:a|an)?\s?(?:small )?(?:affiliate )?(?:commission|income)|affiliate (?:links?|commission)"
    r"|wszelkie prawa zastrzeżone|jogok fenntartva|všechna práva|με την επιφύλαξη|חדל\"פ|כל הזכויות|جميع الحقوق محفوظة|تمامی حقوق|무단\s?전재|저작권자|無断転載|版权所有|版權所有|未经授权|不得转载",
)

NOTICE = Cues(
    r"(?:accept|allow|manage|adjust|enable|reject)\w*.{0,40}\bcookies?\b|\bcookies?\b.{0,60}(?:settings|preferences|consent|einstellungen|akzeptieren|accepter|aceptar|aceitar|accetta)"
    r"|(?:enable|switch on|activate|activer|aktivieren).{0,20}javascript|your browser (?:does|is)|ad ?block(?:er)?s?\b.{0,60}(?:disable|turn off|whitelist)|(?:video|audio) player|файлы cookie",
)

ADDRESS = Cues(
    r"\b(?:please|you|your|we|our|us|this (?:site|website|page|content)|wir|uns|unsere?[mnrs]?|sie|ihre?[mnrs]?|dich|dein\w*|nous|notre|nos|vous|votre|vos"
    r"|nuestr\w+|usted|tus?|sus?|noss\w+|você|seus?|nostr\w+|tuo|wij|onze|uw|je|мы|ваш\w*|наш\w*)\b",
)
"""What a notice says to its reader."""

PICTURED = Cues(
    r"photo|foto|фото|file|pool|handout|image|bild|via|courtesy|flickr|getty|图|圖|写真|사진|[:©/]"
)
"""What tells a picture's credit from the agency that signs a sentence."""
